// The data folder and the app's socket in it.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/fd.h"
#include "cli/app_socket.h"
#include "cli/data_dir.h"
#include "support/temp_folder.h"

using namespace bodega;
namespace fs = std::filesystem;

namespace {

std::string made(const fs::path& path) {
    config::Config config;
    config.node.data_dir = path.string();
    try {
        cli::make_data_dir(config);
        return "made";
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        return error.what();
    }
}

base::Fd bound(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    base::Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return socket;
}

void make_old(const std::string& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

}  // namespace

TEST_CASE("the data folder is made with no right for others", "[cli]") {
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

TEST_CASE("the app's socket has a name of its own and is removed at the end", "[cli]") {
    test::TempFolder folder;
    std::string first;
    {
        cli::AppSocket one(folder.path()), two(folder.path());
        CHECK(one.path() != two.path());
        CHECK(one.path().starts_with(folder.path() + "/app-"));
        first = one.path();
        base::Fd socket = bound(first);
        CHECK(fs::exists(first));
    }
    CHECK_FALSE(fs::exists(first));
}

TEST_CASE("a path too long for an address goes to a private folder", "[cli]") {
    test::TempFolder folder;
    fs::path deep = folder / std::string(100, 'd');
    fs::create_directories(deep);
    std::string path;
    {
        cli::AppSocket socket(deep.string());
        path = socket.path();
        CHECK(path.size() <= 107);
        struct stat status {};
        REQUIRE(::stat(fs::path(path).parent_path().c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0700);
    }
    CHECK_FALSE(fs::exists(fs::path(path).parent_path()));
}

TEST_CASE("sockets of processes that were killed are removed, living ones are not", "[cli]") {
    test::TempFolder folder;
    std::string dead = folder / "app-dead.sock", live = folder / "app-live.sock", fresh = folder / "app-fresh.sock";
    bound(dead);
    bound(fresh);
    base::Fd listening = bound(live);
    REQUIRE(::listen(listening.get(), 1) == 0);
    make_old(dead);
    make_old(live);
    cli::AppSocket socket(folder.path());
    CHECK_FALSE(fs::exists(dead));
    CHECK(fs::exists(live));
    CHECK(fs::exists(fresh));
}
