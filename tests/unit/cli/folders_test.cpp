// The data folder and the app's socket in it.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "server/data_dir.h"
#include "support/temp_folder.h"

using namespace bodega;
namespace fs = std::filesystem;

namespace {

std::string made(const fs::path& path) {
    config::Config config;
    config.node.data_dir = path.string();
    try {
        server::make_data_dir(config);
        return "made";
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        return error.what();
    }
}

}  // namespace

TEST_CASE("the data folder is created without rights for others", "[cli]") {
    test::TempFolder folder;
    CHECK(made(folder / "a/b/") == "made");
    CHECK(made(folder / "a/b") == "made");
    struct stat status {};
    REQUIRE(::stat((folder / "a/b").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0750);
    std::ofstream(folder / "file") << "x";
    CHECK(made(folder / "file").ends_with("is not a folder; set node.data_dir to another"));
    CHECK(made(folder / "file/below").find("can't be made: Not a directory") != std::string::npos);
}
