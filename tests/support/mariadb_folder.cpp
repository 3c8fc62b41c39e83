#include "support/mariadb_folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "support/program.h"

namespace bodega::test {
namespace {

namespace fs = std::filesystem;

fs::path cache_folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
        return fs::path(cache) / "bodega";
    }
    const char* home = std::getenv("HOME");
    return home != nullptr ? fs::path(home) / ".cache" / "bodega" : fs::temp_directory_path() / "bodega-cache";
}

std::string server_version() {
    const fs::path log = fs::temp_directory_path() / ("bodega-mariadb-version-" + std::to_string(::getpid()));
    run_program({database_server(), "--no-defaults", "--version"}, log);
    std::string word, version;
    for (std::ifstream words(log); words >> word;) {
        if (word == "Ver") words >> version;
    }
    fs::remove(log);
    return version;
}

fs::path make_temporary(const fs::path& parent, const std::string& name) {
    std::string path = (parent / (name + "-XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp");
    return path;
}

std::vector<std::string> initialise(const fs::path& data) {
    const std::string folder = "--datadir=" + data.string();
    if (is_mysql()) {
        return {database_server(), "--no-defaults", "--initialize-insecure", folder, "--innodb-redo-log-capacity=16M"};
    }
    return {"mariadb-install-db",
            "--no-defaults",
            folder,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--innodb-log-file-size=8M"};
}

// Several test processes may do this at the same time: each makes its own, and the first rename wins.
fs::path initialised() {
    const fs::path cache = cache_folder();
    const std::string kind = is_mysql() ? "mysql" : "mariadb";
    const fs::path ready = cache / (kind + "-data-" + server_version() + "-" + std::to_string(::geteuid()));
    if (fs::exists(ready)) return ready;
    fs::create_directories(cache);
    const fs::path fresh = make_temporary(cache, kind + "-data-new");
    std::vector<std::string> command = initialise(fresh);
    if (::geteuid() == 0) command.emplace_back("--user=root");
    run_program(command, fresh.string() + ".log");
    fs::remove(fresh.string() + ".log");
    std::error_code taken;
    fs::rename(fresh, ready, taken);
    if (taken) fs::remove_all(fresh);
    return ready;
}

// Each table is a file that the server syncs. In memory, creating a schema takes a tenth of the time.
fs::path parent_folder() {
    constexpr std::uintmax_t kRoom = 1 << 30;
    std::error_code error;
    const auto space = fs::space("/dev/shm", error);
    const bool writable = !error && ::access("/dev/shm", W_OK | X_OK) == 0 && space.available > kRoom;
    return writable ? fs::path("/dev/shm") : fs::temp_directory_path();
}

}  // namespace

bool is_mysql() { return std::getenv("BODEGA_TEST_MYSQLD") != nullptr; }

std::string database_server() {
    const char* mysqld = std::getenv("BODEGA_TEST_MYSQLD");
    return mysqld != nullptr ? mysqld : "mariadbd";
}

fs::path make_mariadb_folder() {
    const fs::path data = initialised();
    const fs::path folder = make_temporary(parent_folder(), "bodega-mariadb");
    fs::copy(data, folder / "data", fs::copy_options::recursive);
    return folder;
}

}  // namespace bodega::test
