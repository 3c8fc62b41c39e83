// Opens files below one folder, by a path that comes from a message. Never opens a file outside the folder.
//
// Checks the path, then resolves it without following symbolic links: with openat2(2) and RESOLVE_BENEATH or, on a
// kernel without openat2, one folder after the other. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/mutex.h"

namespace bodega::edge {

// The identity of a file and its state, to detect changes. All members are 0 if there is no file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified = 0;  // ns since 1970 when the content changed (mtime)
    std::int64_t changed = 0;   // ns since 1970 when the content or the metadata changed (ctime)

    bool operator==(const FileIdentity&) const = default;
};

struct OpenFile {
    enum class Status : std::uint8_t {
        ready,
        absent,       // there is no regular file
        would_block,  // with Waiting::no: the kernel's cache does not have the path
        failed,       // `error` has the reason
    };
    Status status = Status::absent;
    base::Fd fd;
    std::uint64_t size = 0;
    FileIdentity identity;
    int error = 0;  // the errno of Status::failed
};

class BlobFolder {
public:
    // ids: only paths for which is_safe() is true. any: all names of an operator's files, except hidden ones.
    enum class Names : bool { ids, any };
    explicit BlobFolder(std::string path, Names names = Names::ids) : path_(std::move(path)), names_(names) {}

    Names names() const noexcept { return names_; }

    enum class Waiting : bool { no, yes };
    // Opens the file. path: relative to the folder. With Waiting::no, does not wait for the disk or the network.
    OpenFile open(std::string_view path, Waiting waiting) const;

    // Makes an NFS client read the folder that contains `path` again. May block.
    void refresh(std::string_view path) const noexcept;

    // True for a network file system. There even open, close and fstat may block.
    bool is_remote() const noexcept { return remote_.load(std::memory_order_relaxed); }

    // Returns the identity of the file that `path` names now. Requires: !is_remote(), since otherwise it may wait for
    // the network.
    FileIdentity identify(const std::string& path) const;

    // True for segments of letters, digits, '-', '_' and '.', none of them "." or "..", separated by single slashes.
    static bool is_safe(std::string_view path) noexcept;
    // True for segments without NUL, none of them empty or beginning with '.', separated by single slashes.
    static bool is_plain(std::string_view path) noexcept;

private:
    // Returns the open root folder. The folder has two owners: this object, and a call that still uses a folder that
    // another call has found to be stale. Returns null if the folder is not open yet (Waiting::no) or can't be opened
    // (errno has the reason).
    std::shared_ptr<const base::Fd> root(Waiting waiting) const;
    void forget_root() const noexcept;

    const std::string path_;
    const Names names_;
    mutable base::Mutex mutex_;
    mutable std::shared_ptr<const base::Fd> root_ GUARDED_BY(mutex_);  // opened when it is first used
    mutable std::atomic<bool> remote_ = true;                          // true while it is not known
};

}  // namespace bodega::edge
