// Opens files below one folder by a path that a message named, and never anything outside of it.
//
// The path is checked, then resolved without symlinks: by openat2(2) with RESOLVE_BENEATH, or a folder at a time where
// the kernel lacks that. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace bodega::edge {

// By which a file is known, and that it was not changed; all 0: there is none.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified = 0;  // ns since 1970: the content
    std::int64_t changed = 0;   // ns since 1970: the content, or what is said of it

    bool operator==(const FileIdentity&) const = default;
};

struct OpenFile {
    enum class Status : std::uint8_t {
        ready,
        absent,       // or no regular file
        would_block,  // Waiting::no: the kernel has not looked the path up lately
        failed,       // see `error`
    };
    Status status = Status::absent;
    base::Fd fd;
    std::uint64_t size = 0;
    FileIdentity identity;
    int error = 0;  // errno of Status::failed
};

class BlobFolder {
public:
    // ids: paths that is_safe() takes. any: whatever an operator names their files, but nothing that is hidden.
    enum class Names : bool { ids, any };
    explicit BlobFolder(std::string path, Names names = Names::ids) : path_(std::move(path)), names_(names) {}

    Names names() const noexcept { return names_; }

    enum class Waiting : bool { no, yes };
    // `path` is relative. Waiting::no never touches the disk or the network.
    OpenFile open(std::string_view path, Waiting waiting) const;

    // Makes an NFS client look anew at what is in the folder of `path`. May block.
    void refresh(std::string_view path) const noexcept;

    // On a network's file system, where even opening, closing and looking at an open file may block.
    bool is_remote() const noexcept { return remote_.load(std::memory_order_relaxed); }

    // What `path` leads to now. Requires: not is_remote(), or it may wait for a network.
    FileIdentity identify(const std::string& path) const;

    // Segments of letters, digits, '-', '_' and '.', none of them "." or "..", parted by single slashes.
    static bool is_safe(std::string_view path) noexcept;
    // Segments without NUL, none of them empty or beginning with '.', parted by single slashes.
    static bool is_plain(std::string_view path) noexcept;

private:
    // Two owners: the folder, and a call that uses it while another finds it stale. Null: it is to be opened first
    // (Waiting::no), or errno says why it can't be.
    std::shared_ptr<const base::Fd> root(Waiting waiting) const;
    void forget_root() const noexcept;

    const std::string path_;
    const Names names_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const base::Fd> root_;  // protected by mutex_; opened when first needed
    mutable std::atomic<bool> remote_ = true;       // until it is known
};

}  // namespace bodega::edge
