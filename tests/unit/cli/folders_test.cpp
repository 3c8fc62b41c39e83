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
#include "base/random.h"
#include "cli/app_socket.h"
#include "cli/data_dir.h"

using namespace bodega;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() : path(fs::temp_directory_path() / ("bodega-cli-" + base::random_secret(9))) {
        fs::create_directories(path);
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path path;
};

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

TEST_CASE("the data folder is made for this user alone", "[cli]") {
    Folder folder;
    CHECK(made(folder.path / "a/b/") == "made");
    CHECK(made(folder.path / "a/b") == "made");
    struct stat status {};
    REQUIRE(::stat((folder.path / "a/b").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    std::ofstream(folder.path / "file") << "x";
    CHECK(made(folder.path / "file").ends_with("is not a folder; set node.data_dir to another"));
    CHECK(made(folder.path / "file/below").find("can't be made: Not a directory") != std::string::npos);
}

TEST_CASE("the app's socket has a name of its own and is removed at the end", "[cli]") {
    Folder folder;
    std::string first;
    {
        cli::AppSocket one(folder.path.string()), two(folder.path.string());
        CHECK(one.path() != two.path());
        CHECK(one.path().starts_with(folder.path.string() + "/app-"));
        first = one.path();
        base::Fd socket = bound(first);
        CHECK(fs::exists(first));
    }
    CHECK_FALSE(fs::exists(first));
}

TEST_CASE("a path too long for an address goes to a private folder", "[cli]") {
    Folder folder;
    fs::path deep = folder.path / std::string(100, 'd');
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
    Folder folder;
    std::string dead = (folder.path / "app-dead.sock").string(), live = (folder.path / "app-live.sock").string(),
                fresh = (folder.path / "app-fresh.sock").string();
    bound(dead);
    bound(fresh);
    base::Fd listening = bound(live);
    REQUIRE(::listen(listening.get(), 1) == 0);
    make_old(dead);
    make_old(live);
    cli::AppSocket socket(folder.path.string());
    CHECK_FALSE(fs::exists(dead));
    CHECK(fs::exists(live));
    CHECK(fs::exists(fresh));
}
