// Caches recently sent small files in memory: a frequent request costs no open, read and close.
//
// A blob never changes, so it is kept without checks. A file of another folder is checked at each use: its name must
// still lead to the same unchanged file. Files on a network file system are not kept, since checking and reading may
// block. The least recently used go first. One per loop; belongs to its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "edge/files/blob.h"
#include "edge/files/blob_folder.h"

namespace bodega::edge {

class SmallFiles {
public:
    static constexpr std::size_t kLargest = std::size_t{64} << 10;  // bytes; larger files are not kept

    // A file that changes twice within one tick of the file system's clock looks the same after both changes. So a
    // file that changed within the last `settled` ns is not kept.
    explicit SmallFiles(std::int64_t settled = 2'000'000'000) noexcept : settled_(settled) {}

    void limit_to(std::size_t bytes);  // limit for all files with their overhead; 0: keeps none

    // nullptr: not cached, or the folder has another file now.
    std::shared_ptr<const Blob> find(const std::shared_ptr<const BlobFolder>& folder, const std::string& path);

    // Returns `blob`, or a kept copy of it with its content if it is small, in the page cache, and allowed to be kept.
    std::shared_ptr<const Blob> keep(std::shared_ptr<const Blob> blob);

    std::size_t bytes() const noexcept { return bytes_; }

private:
    using Order = std::list<std::shared_ptr<const Blob>>;
    struct Key {
        const BlobFolder* folder;
        std::string_view path;  // view of the blob's path

        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept;
    };

    bool may_keep(const Blob& blob) const;
    void drop(Order::iterator which);
    void shrink_to(std::size_t bytes);

    const std::int64_t settled_;
    Order order_;  // most recently used first
    std::unordered_map<Key, Order::iterator, Hash> index_;
    std::size_t limit_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace bodega::edge
