// The file system calls of blobs/. A test overrides a call to make it fail, or to make the process die before or after
// it.
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
    // Copies with copy_file_range(2). If the file system supports it, the bytes do not pass through the process.
    virtual ssize_t copy_range(int from, int to, off_t offset, std::size_t size);
    virtual int truncate(int fd, off_t size);
    virtual int sync_data(int fd);    // fdatasync(2): syncs the bytes, and the metadata needed to read them
    virtual int sync_folder(int fd);  // fsync(2) of an open folder: syncs the names in it
    virtual int close(int fd);        // closes the descriptor even if it returns an error, so never call it twice
    // Closes a file for a caller that does not need the result of close(2), for example after reading. May close later;
    // ignores errors.
    virtual void close_quietly(int fd) noexcept;
    virtual int rename(const char* from, const char* to);
    virtual int unlink(const char* path);
    virtual int make_folder(const char* path, mode_t mode);
    virtual int status(const char* path, struct stat& out);
    virtual int status_of(int fd, struct stat& out);
    virtual int space(const char* path, struct statvfs& out);  // statvfs(2) of the file system
    // Lists every name in the folder, except those that begin with a dot. Reads all names first, so a caller may remove
    // files meanwhile.
    virtual int list(const char* path, std::vector<std::string>& names);
    virtual int touch(int fd);  // sets the file's times to the file system's own current time

    // Turns writes past the page cache (O_DIRECT) on or off; such writes take only whole, aligned blocks. Returns
    // false, and changes nothing, if the file system does not support this. Also returns false on a network file
    // system, where each write would wait for the server.
    virtual bool set_direct(int fd, bool on);

    // Hints without a result. start_writeback() makes the kernel start to write a range; await_writeback() waits until
    // the range is written.
    virtual void start_writeback(int fd, off_t offset, off_t size);
    virtual void await_writeback(int fd, off_t offset, off_t size);

    static FileOps& kernel() noexcept;
};

}  // namespace bodega::blobs
