// The file system calls of blobs/, as a seam: a test overrides one to make it fail, or to die before or after it.
//
// The base class calls the kernel. Files that root creates belong to the owner of their folder (base/act_as_owner.h).
// Results and errno are those of the system call, but EINTR is retried here. Thread-safe; overrides must be thread-safe
// too.
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace bodega::blobs {

class FileOps {
public:
    virtual ~FileOps() = default;

    virtual int open(const char* path, int flags, mode_t mode);
    virtual ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset);
    virtual ssize_t read_at(int fd, void* into, std::size_t size, off_t offset);
    // Copies without passing the bytes through the process, where the file system can: copy_file_range(2).
    virtual ssize_t copy_range(int from, int to, off_t offset, std::size_t size);
    virtual int truncate(int fd, off_t size);
    virtual int sync_data(int fd);    // fdatasync(2): the bytes, and the metadata needed to read them
    virtual int sync_folder(int fd);  // fsync(2) of an open folder: its names
    virtual int close(int fd);        // closes even if it reports an error, so never call it twice
    // Closes a file that was only read, or whose result no caller waits for. May close later; ignores errors.
    virtual void close_quietly(int fd) noexcept;
    virtual int rename(const char* from, const char* to);
    virtual int unlink(const char* path);
    virtual int make_folder(const char* path, mode_t mode);
    virtual int status(const char* path, struct stat& out);
    virtual int status_of(int fd, struct stat& out);
    virtual int space(const char* path, struct statvfs& out);  // statvfs(2) of the file system
    // Lists every name in the folder, except those that begin with a dot. Reads all names first, so removing files
    // meanwhile loses none.
    virtual int list(const char* path, std::vector<std::string>& names);
    virtual int touch(int fd);  // sets the file's times to the file system's own current time

    // Turns writes past the page cache (O_DIRECT) on or off; such writes take only whole, aligned blocks. False:
    // nothing changed, because the file system does not support it, or is a network file system, where each write would
    // wait for the server.
    virtual bool set_direct(int fd, bool on);

    // Hints without a result: the kernel starts to write a range, or waits until it has.
    virtual void start_writeback(int fd, off_t offset, off_t size);
    virtual void await_writeback(int fd, off_t offset, off_t size);

    static FileOps& kernel() noexcept;
};

}  // namespace bodega::blobs
