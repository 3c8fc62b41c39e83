#include "blobs/file_ops.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/act_as_owner.h"
#include "base/blocking.h"
#include "base/file_system.h"

namespace bodega::blobs {

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

template <class Call>
auto again(Call call) -> decltype(call()) {
    const base::Blocking waits;  // the call may wait for a file server
    for (;;) {
        auto result = call();
        if (result >= 0 || errno != EINTR) return result;
    }
}

// Returns the folder whose owner becomes the owner of a new file at `path`. This is the folder of the file, or
// incoming/ below that folder if root owns it: a mount point may belong to root although the service owns its content.
std::string folder_of_owner(const char* path) {
    std::string folder(path);
    const std::size_t slash = folder.rfind('/');
    folder = slash == folder.npos ? "." : folder.substr(0, slash + 1);
    struct stat found {};
    std::string below = folder + "/incoming";
    if (::stat(folder.c_str(), &found) == 0 && found.st_uid == 0 && ::stat(below.c_str(), &found) == 0) return below;
    return folder;
}

template <class Call>
int make(const char* path, Call call) {
    if (!base::is_root()) return again(call);
    const base::ActAsOwner owner(folder_of_owner(path));
    return again(call);
}

}  // namespace

int FileOps::open(const char* path, int flags, mode_t mode) {
    // Refuses symbolic links to files. bodega creates none, and following one would let a command that runs as root
    // read or write files elsewhere. A folder may be a link, because the operator may have made it.
    const int no_link = (flags & O_DIRECTORY) != 0 ? 0 : O_NOFOLLOW;
    const auto call = [&] { return ::open(path, flags | no_link | O_CLOEXEC, mode); };
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? make(path, call) : again(call);
}

ssize_t FileOps::write_at(int fd, const void* from, std::size_t size, off_t offset) {
    return again([&] { return ::pwrite(fd, from, size, offset); });
}

ssize_t FileOps::read_at(int fd, void* into, std::size_t size, off_t offset) {
    return again([&] { return ::pread(fd, into, size, offset); });
}

ssize_t FileOps::copy_range(int from, int to, off_t offset, std::size_t size) {
    return again([&] {
        off64_t in = offset, out = offset;
        return ::copy_file_range(from, &in, to, &out, size, 0);
    });
}

int FileOps::truncate(int fd, off_t size) {
    return again([&] { return ::ftruncate(fd, size); });
}

int FileOps::sync_data(int fd) {
    return again([&] { return ::fdatasync(fd); });
}

int FileOps::sync_folder(int fd) {
    int result = again([&] { return ::fsync(fd); });
    // Some network file systems return EINVAL because they have nothing to sync for a folder. That counts as success.
    return result != 0 && errno == EINVAL ? 0 : result;
}

int FileOps::close(int fd) {
    int result = ::close(fd);
    return result != 0 && errno == EINTR ? 0 : result;
}

void FileOps::close_quietly(int fd) noexcept { ::close(fd); }

bool FileOps::set_direct(int fd, bool on) {
    struct statfs found {};
    bool local = ::fstatfs(fd, &found) == 0 && !base::network_file_system(static_cast<std::uint64_t>(found.f_type));
    int flags = ::fcntl(fd, F_GETFL);
    if ((on && !local) || flags < 0) return false;
    return ::fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

int FileOps::rename(const char* from, const char* to) {
    return again([&] { return ::rename(from, to); });
}

int FileOps::unlink(const char* path) {
    return again([&] { return ::unlink(path); });
}

int FileOps::make_folder(const char* path, mode_t mode) {
    return make(path, [&] { return ::mkdir(path, mode); });
}

int FileOps::status(const char* path, struct stat& out) {
    return again([&] { return ::lstat(path, &out); });
}

int FileOps::status_of(int fd, struct stat& out) {
    return again([&] { return ::fstat(fd, &out); });
}

int FileOps::space(const char* path, struct statvfs& out) {
    return again([&] { return ::statvfs(path, &out); });
}

int FileOps::list(const char* path, std::vector<std::string>& names) {
    const base::Blocking waits;
    std::unique_ptr<DIR, CloseFolder> folder(::opendir(path));
    if (!folder) return -1;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(folder.get());
        if (entry == nullptr) return errno == 0 ? 0 : -1;
        if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
}

// Without times, utimensat asks the file system (the NFS server) for its own time.
int FileOps::touch(int fd) {
    return again([&] { return ::futimens(fd, nullptr); });
}

void FileOps::start_writeback(int fd, off_t offset, off_t size) {
    ::sync_file_range(fd, offset, size, SYNC_FILE_RANGE_WRITE);
}

void FileOps::await_writeback(int fd, off_t offset, off_t size) {
    ::sync_file_range(fd, offset, size,
                      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

FileOps& FileOps::kernel() noexcept {
    static FileOps kernel;
    return kernel;
}

}  // namespace bodega::blobs
