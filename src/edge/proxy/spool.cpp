#include "edge/proxy/spool.h"

#include <fcntl.h>
#include <sys/statfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/error.h"
#include "base/file_system.h"

namespace bodega::edge {
namespace {

std::string default_folder() {
    const char* named = ::secure_getenv("TMPDIR");
    if (named && *named == '/') return named;
    return ::access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

// Creates a file and removes its name at once. Used on a file system without O_TMPFILE, such as overlay on old kernels.
base::Fd open_and_unlink(const std::string& dir) noexcept {
    std::string path = dir + "/bodega-spool-XXXXXX";
    base::Fd fd(::mkostemp(path.data(), O_CLOEXEC));
    if (fd) ::unlink(path.c_str());
    return fd;
}

base::Fd open_nameless(const std::string& dir) {
    base::Fd fd(::open(dir.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    if (fd || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
    return open_and_unlink(dir);
}

}  // namespace

void Spool::follow(const std::string& dir, std::int64_t max) {
    const base::MutexLock lock(mutex_);
    dir_ = dir.empty() ? default_folder() : dir;
    max_.store(max, std::memory_order_relaxed);
}

std::string Spool::dir() const {
    const base::MutexLock lock(mutex_);
    return dir_;
}

void Spool::check() const {
    const std::string folder = dir();
    auto refuse = [&](const std::string& why) {
        throw base::Error(base::Code::config_invalid,
                          "edge.spool_dir: " + folder + " " + why +
                              "; name a folder of a local disk, or set request_body = \"stream\" on every route to an "
                              "upstream");
    };
    struct statfs found {};
    if (::statfs(folder.c_str(), &found) != 0) refuse("can't be read: " + std::generic_category().message(errno));
    if (auto network = base::network_file_system(static_cast<std::uint64_t>(found.f_type)))
        refuse("is on a network file system (" + std::string(*network) + ")");
    if (!open_nameless(folder)) refuse("can't hold a file: " + std::generic_category().message(errno));
}

bool Spool::take(std::uint64_t client, std::int64_t bytes) {
    const base::MutexLock lock(mutex_);
    const std::int64_t used = used_.load(std::memory_order_relaxed) + bytes;
    auto found = clients_.find(client);
    const std::int64_t own = (found == clients_.end() ? 0 : found->second) + bytes;
    if (own > max() - used) {
        refusals_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    clients_[client] = own;
    used_.store(used, std::memory_order_relaxed);
    return true;
}

void Spool::give(std::uint64_t client, std::int64_t bytes) noexcept {
    const base::MutexLock lock(mutex_);
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    auto found = clients_.find(client);
    if (found == clients_.end()) return;
    found->second -= bytes;
    if (found->second == 0) clients_.erase(found);
}

bool SpoolFile::reserve(std::size_t bytes) {
    if (!spool_.take(client_, static_cast<std::int64_t>(bytes))) return false;
    size_ += static_cast<std::int64_t>(bytes);
    return true;
}

int SpoolFile::append(std::span<const char> bytes) noexcept {
    try {
        if (!fd_) fd_ = open_nameless(spool_.dir());
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    }
    if (!fd_) return errno;
    while (!bytes.empty()) {
        ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), written_);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n < 0 ? errno : EIO;
        written_ += n;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

}  // namespace bodega::edge
