#include "cli/app_socket.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/fd.h"
#include "base/random.h"

namespace bodega::cli {
namespace {

constexpr std::size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;

bool is_dead(const std::string& path) {
    if (path.size() > kMaxPath) return false;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    base::Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!probe) return false;
    int result = ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return result != 0 && errno == ECONNREFUSED;
}

// Those that nobody listens on, and not just made: between bind(2) and listen(2) a living one refuses too.
void remove_dead_sockets(const std::filesystem::path& folder) {
    std::error_code ignored;
    for (const auto& item : std::filesystem::directory_iterator(folder, ignored)) {
        std::string name = item.path().filename().string();
        if (!name.starts_with("app-") || !name.ends_with(".sock")) continue;
        auto written = item.last_write_time(ignored);
        bool old = std::filesystem::file_time_type::clock::now() - written > std::chrono::minutes(1);
        if (!ignored && old && is_dead(item.path().string())) std::filesystem::remove(item.path(), ignored);
    }
}

std::string private_folder() {
    const char* set = std::getenv("TMPDIR");
    std::string pattern = std::string(set && *set ? set : "/tmp") + "/bodega-XXXXXX";
    if (!::mkdtemp(pattern.data())) {
        throw base::system_error("make a folder for the app's socket below TMPDIR", errno, base::Code::config_invalid);
    }
    return pattern;
}

}  // namespace

AppSocket::AppSocket(const std::string& data_dir) {
    remove_dead_sockets(data_dir);
    path_ =
        std::filesystem::absolute(data_dir).lexically_normal().string() + "/app-" + base::random_secret(6) + ".sock";
    if (path_.size() <= kMaxPath) return;
    folder_ = private_folder();
    path_ = folder_ + "/app.sock";
}

AppSocket::~AppSocket() {
    ::unlink(path_.c_str());
    if (!folder_.empty()) ::rmdir(folder_.c_str());
}

}  // namespace bodega::cli
