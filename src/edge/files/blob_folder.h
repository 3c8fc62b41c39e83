// Opens files below one folder, by paths from a client or from the app. Never opens a file outside the folder.
//
// Checks the path, then resolves it without following symbolic links: with openat2(2) and RESOLVE_BENEATH or, on a
// kernel without openat2, one folder of the path after the other. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/mutex.h"

namespace bodega::edge {

// Identifies a file and its state, to detect changes. All members are 0 if there is no file.
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
        absent,       // no regular file has this path
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
    // The paths that open() accepts. ids: paths for which is_safe() is true. any: paths for which is_plain() is true,
    // as for an operator's files.
    enum class Names : bool { ids, any };
    explicit BlobFolder(std::string path, Names names = Names::ids) : path_(std::move(path)), names_(names) {}

    Names names() const noexcept { return names_; }

    enum class Waiting : bool { no, yes };
    // Opens the file. path: relative to the folder. With Waiting::no, does not wait for the disk or the network.
    OpenFile open(std::string_view path, Waiting waiting) const;

    // Makes this node's NFS client read the folder of `path` again, so that it sees a file that another node has
    // created. May block.
    void refresh(std::string_view path) const noexcept;

    // True for a network file system. There even open, close and fstat may block.
    bool is_remote() const noexcept { return remote_.load(std::memory_order_relaxed); }

    // Returns the identity of the file that `path` names now. Requires: !is_remote(), since otherwise it may wait for
    // the network.
    FileIdentity identify(const std::string& path) const;

    // True if the path is one or more segments, separated by single slashes. A segment has letters, digits, '-', '_'
    // and '.', and is not "." or "..".
    static bool is_safe(std::string_view path) noexcept;
    // True if the path is one or more segments, separated by single slashes. A segment is not empty, has no NUL and
    // does not begin with '.'.
    static bool is_plain(std::string_view path) noexcept;

private:
    // Returns the open root folder. A caller's folder stays open even if another call finds it stale and drops it.
    // Returns null if the folder is not open yet (Waiting::no) or can't be opened (errno has the reason).
    std::shared_ptr<const base::Fd> root(Waiting waiting) const;
    void forget_root() const noexcept;

    const std::string path_;
    const Names names_;
    mutable base::Mutex mutex_;
    mutable std::shared_ptr<const base::Fd> root_ GUARDED_BY(mutex_);  // opened by the first call that needs it
    mutable std::atomic<bool> remote_ = true;  // true until the root is open, since the folder may be remote
};

}  // namespace bodega::edge
