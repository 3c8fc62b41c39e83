// Small files that were sent lately, kept in memory: what is asked for often costs no open, read and close.
//
// A blob never changes, and is kept as it is. Of another folder's file each use asks whether its name still leads to
// the same unchanged file. Nothing is kept of a network's file system, where looking and reading may block. The least
// lately used go first.
// One a loop; belongs to its thread.
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
    static constexpr std::size_t kLargest = std::size_t{64} << 10;  // bytes of one that is kept

    // A file that is changed twice within a tick of the file system's clock looks the same after both, so one that has
    // changed within the last `settled` ns is not kept.
    explicit SmallFiles(std::int64_t settled = 2'000'000'000) noexcept : settled_(settled) {}

    void limit_to(std::size_t bytes);  // of all together, what they take beside their content included; 0: none

    // nullptr: it is not here, or not any more what the folder has.
    std::shared_ptr<const Blob> find(const std::shared_ptr<const BlobFolder>& folder, const std::string& path);

    // `blob`, or the same with its content if it is small, the page cache has it, and it may be kept: then it is.
    std::shared_ptr<const Blob> keep(std::shared_ptr<const Blob> blob);

    std::size_t bytes() const noexcept { return bytes_; }

private:
    using Order = std::list<std::shared_ptr<const Blob>>;
    struct Key {
        const BlobFolder* folder;
        std::string_view path;  // the blob's own

        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept;
    };

    bool may_keep(const Blob& blob) const;
    void drop(Order::iterator which);
    void shrink_to(std::size_t bytes);

    const std::int64_t settled_;
    Order order_;  // the last one used is at the front
    std::unordered_map<Key, Order::iterator, Hash> index_;
    std::size_t limit_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace bodega::edge
