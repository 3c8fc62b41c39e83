#include "edge/files/blob_folder.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file_system.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kMaxPath = 512;
constexpr std::size_t kMaxPlainPath = 4096;

constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

// Opens each folder of the path in turn, for Linux before 5.6, which has no openat2. Requires: no segment is "..",
// which is_safe() and is_plain() check.
int walk_beneath(int root, std::string_view path) {
    base::Fd folder;
    for (int at = root;; at = folder.get()) {
        const std::size_t slash = path.find('/');
        const std::string segment(path.substr(0, slash));
        if (slash == std::string_view::npos) return ::openat(at, segment.c_str(), kFlags | O_NOFOLLOW);
        base::Fd next(::openat(at, segment.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!next) return -1;
        folder = std::move(next);
        path.remove_prefix(slash + 1);
    }
}

// cached: if true, never waits for the disk. That needs RESOLVE_CACHED of Linux 5.12. On an older kernel the function
// sets EAGAIN; the caller then opens the file on a thread that may wait.
int open_beneath(int root, const std::string& path, bool cached) {
    open_how how{};
    how.flags = kFlags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    if (cached) how.resolve |= RESOLVE_CACHED;
    const int fd = static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
    if (fd < 0 && cached && (errno == EINVAL || errno == ENOSYS)) errno = EAGAIN;
    else if (fd < 0 && errno == ENOSYS) return walk_beneath(root, path);
    return fd;
}

constexpr std::int64_t in_ns(const timespec& time) noexcept {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileIdentity identity_of(const struct stat& info) noexcept {
    return {info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size), in_ns(info.st_mtim),
            in_ns(info.st_ctim)};
}

OpenFile failure(int error) {
    OpenFile file;
    file.error = error;
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case ELOOP:
        case EXDEV:
        case ENXIO: file.status = OpenFile::Status::absent; break;
        case EAGAIN: file.status = OpenFile::Status::would_block; break;
        default: file.status = OpenFile::Status::failed;
    }
    return file;
}

}  // namespace

bool BlobFolder::is_safe(std::string_view path) noexcept {
    if (path.empty() || path.size() > kMaxPath) return false;
    while (!path.empty()) {
        std::size_t slash = path.find('/');
        std::string_view segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == ".." || !http::all_of(segment, http::kRegName))
            return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
    return false;  // the path ends in a slash
}

bool BlobFolder::is_plain(std::string_view path) noexcept {
    if (path.empty() || path.size() > kMaxPlainPath || path.find('\0') != std::string_view::npos) return false;
    while (!path.empty()) {
        std::size_t slash = path.find('/');
        std::string_view segment = path.substr(0, slash);
        if (segment.empty() || segment.front() == '.') return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
    return false;  // the path ends in a slash
}

std::shared_ptr<const base::Fd> BlobFolder::root(Waiting waiting) const {
    {
        const base::MutexLock lock(mutex_);
        if (root_ || waiting == Waiting::no) return root_;
    }
    base::Fd fd(::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct statfs found {};
    if (!fd || ::fstatfs(fd.get(), &found) != 0) return nullptr;
    remote_ = base::network_file_system(static_cast<std::uint64_t>(found.f_type)).has_value();
    const base::MutexLock lock(mutex_);
    root_ = std::make_shared<const base::Fd>(std::move(fd));
    return root_;
}

void BlobFolder::refresh(std::string_view path) const noexcept {
    std::shared_ptr<const base::Fd> folder = root(Waiting::yes);
    std::size_t slash = path.rfind('/');
    if (!folder || slash == std::string_view::npos) return;
    std::string above(path.substr(0, slash));
    base::Fd(::openat(folder->get(), above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// Makes the next call open the root folder again. Called when the open one is stale, for example because the share was
// mounted again.
void BlobFolder::forget_root() const noexcept {
    const base::MutexLock lock(mutex_);
    root_ = nullptr;
}

OpenFile BlobFolder::open(std::string_view path, Waiting waiting) const {
    if (!(names_ == Names::ids ? is_safe(path) : is_plain(path))) return {};
    std::shared_ptr<const base::Fd> folder = root(waiting);
    if (waiting == Waiting::no && (!folder || is_remote())) return failure(EAGAIN);
    if (!folder) return failure(errno);
    std::string name(path);
    base::Fd fd(open_beneath(folder->get(), name, waiting == Waiting::no));
    if (!fd) {
        OpenFile file = failure(errno);
        if (file.error == ESTALE) forget_root();
        return file;
    }
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) return failure(errno);
    if (!S_ISREG(info.st_mode)) return {};
    OpenFile file;
    file.status = OpenFile::Status::ready;
    file.fd = std::move(fd);
    file.size = static_cast<std::uint64_t>(info.st_size);
    file.identity = identity_of(info);
    return file;
}

// Follows symbolic links in the path, although open() does not. That is safe: if a link leads to another file, the
// identities differ, and the caller does not use its cached file.
FileIdentity BlobFolder::identify(const std::string& path) const {
    std::shared_ptr<const base::Fd> folder = root(Waiting::no);
    struct stat info {};
    if (!folder || ::fstatat(folder->get(), path.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return {};
    return S_ISREG(info.st_mode) ? identity_of(info) : FileIdentity{};
}

}  // namespace bodega::edge
