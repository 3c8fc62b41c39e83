// Caches small files that were sent recently in memory, so that a frequent request needs no open, read and close.
//
// A blob never changes, so it is cached without checks. A file of another folder is checked at each use: its name must
// still lead to the same unchanged file. Files on a network file system are not cached, since checking and reading them
// may block. Evicts the least recently used files. There is one object for each loop, used only on the loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/lru_map.h"
#include "edge/files/blob.h"
#include "edge/files/blob_folder.h"

namespace bodega::edge {

class SmallFiles {
public:
    static constexpr std::size_t kLargest = std::size_t{64} << 10;  // bytes; larger files are not cached

    // settled: a file that changed within the last `settled` ns is not cached. If a file changes twice within one tick
    // of the file system's clock, the second change can't be detected.
    explicit SmallFiles(std::int64_t settled = 2'000'000'000) noexcept : settled_(settled) {}

    void limit_to(std::size_t bytes);  // limit in bytes for all files with their overhead; 0 caches nothing

    // Returns nullptr if the file is not cached or if the folder now has another file.
    std::shared_ptr<const Blob> find(const std::shared_ptr<const BlobFolder>& folder, const std::string& path);

    // Returns a cached copy of `blob` with its content, or `blob` itself if it can't be cached. A file can be cached if
    // it is small, is in the page cache, and has not changed recently.
    std::shared_ptr<const Blob> keep(std::shared_ptr<const Blob> blob);

    std::size_t bytes() const noexcept { return blobs_.cost(); }

private:
    struct Key {
        const BlobFolder* folder;
        std::string_view path;  // refers to the path of the cached blob

        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept;
    };

    bool may_keep(const Blob& blob) const;

    const std::int64_t settled_;
    base::LruMap<Key, std::shared_ptr<const Blob>, Key, Hash> blobs_;  // the cost of a file is its size in bytes
    std::size_t limit_ = 0;
};

}  // namespace bodega::edge
