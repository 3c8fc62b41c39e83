// The calls to the file system that blobs/ makes, each a seam: a test overrides one to fail it, or to die
// before or after it.
//
// The base class asks the kernel. What root makes belongs to the owner of the folder that it is in
// (base/act_as_owner.h). Results and errno are those of the system call; EINTR is retried here and never seen.
// Thread-safe, and so must an override be.
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
    // Copies without the bytes passing through the process, where the file system can: copy_file_range(2).
    virtual ssize_t copy_range(int from, int to, off_t offset, std::size_t size);
    virtual int truncate(int fd, off_t size);
    virtual int sync_data(int fd);    // fdatasync(2): the bytes and what is needed to read them
    virtual int sync_folder(int fd);  // fsync(2) of an open folder: its names
    virtual int close(int fd);        // closed even when it reports an error, so never called twice
    // Closes what was only read, or whose end nobody waits for: perhaps later, and an error is nobody's.
    virtual void let_go(int fd) noexcept;
    virtual int rename(const char* from, const char* to);
    virtual int unlink(const char* path);
    virtual int make_folder(const char* path, mode_t mode);
    virtual int status(const char* path, struct stat& out);
    virtual int status_of(int fd, struct stat& out);
    virtual int space(const char* path, struct statvfs& out);  // of the file system: statvfs(2)
    // Every name in the folder but those that begin with a dot; all are read first, so that removing them meanwhile
    // loses none.
    virtual int list(const char* path, std::vector<std::string>& names);
    virtual int touch(int fd);  // its times are the file system's own now

    // Whether writes go around the page cache from now on (O_DIRECT): of whole, aligned blocks alone. False: it stays
    // as it was, since the file system can't, or is a network's, where each write would wait for the server.
    virtual bool set_direct(int fd, bool on);

    // Hints, without a result: the kernel starts to write a range, waits until it has.
    virtual void start_writeback(int fd, off_t offset, off_t size);
    virtual void await_writeback(int fd, off_t offset, off_t size);

    static FileOps& kernel() noexcept;
};

}  // namespace bodega::blobs
