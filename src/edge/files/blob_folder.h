// Opens files below one folder, by a path from a message, and never anything outside of it.
//
// The path is checked, then resolved without symlinks: by openat2(2) with RESOLVE_BENEATH, or one folder at a time
// where the kernel lacks that. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace bodega::edge {

// Identifies a file and its state, to detect changes; all 0: no such file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified = 0;  // ns since 1970: the content (mtime)
    std::int64_t changed = 0;   // ns since 1970: the content or the metadata (ctime)

    bool operator==(const FileIdentity&) const = default;
};

struct OpenFile {
    enum class Status : std::uint8_t {
        ready,
        absent,       // missing, or not a regular file
        would_block,  // Waiting::no: the path is not in the kernel's cache
        failed,       // see `error`
    };
    Status status = Status::absent;
    base::Fd fd;
    std::uint64_t size = 0;
    FileIdentity identity;
    int error = 0;  // errno, for Status::failed
};

class BlobFolder {
public:
    // ids: paths for which is_safe() is true. any: any names that an operator gives to files, except hidden ones.
    enum class Names : bool { ids, any };
    explicit BlobFolder(std::string path, Names names = Names::ids) : path_(std::move(path)), names_(names) {}

    Names names() const noexcept { return names_; }

    enum class Waiting : bool { no, yes };
    // `path` is relative. Waiting::no never touches the disk or the network.
    OpenFile open(std::string_view path, Waiting waiting) const;

    // Makes an NFS client reload its view of the folder that contains `path`. May block.
    void refresh(std::string_view path) const noexcept;

    // True for a network file system, where even opening, closing and stat'ing an open file may block.
    bool is_remote() const noexcept { return remote_.load(std::memory_order_relaxed); }

    // Returns the identity of the file that `path` names now. Requires: not is_remote(), else it may wait for the
    // network.
    FileIdentity identify(const std::string& path) const;

    // True for segments of letters, digits, '-', '_' and '.', none of them "." or "..", separated by single slashes.
    static bool is_safe(std::string_view path) noexcept;
    // True for segments without NUL, none of them empty or beginning with '.', separated by single slashes.
    static bool is_plain(std::string_view path) noexcept;

private:
    // Returns the open root folder. Two owners: this object, and a call that uses it while another call finds it
    // stale. Null: it is not open yet (Waiting::no), or errno says why it can't be opened.
    std::shared_ptr<const base::Fd> root(Waiting waiting) const;
    void forget_root() const noexcept;

    const std::string path_;
    const Names names_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const base::Fd> root_;  // protected by mutex_; opened at first use
    mutable std::atomic<bool> remote_ = true;       // true until it is known
};

}  // namespace bodega::edge
