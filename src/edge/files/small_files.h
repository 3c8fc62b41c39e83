// Keeps recently sent small files in memory, so that frequent requests need no open, read and close.
//
// A blob never changes, so it is cached without checks. A file of another folder is checked at each use: its name must
// still lead to the same unchanged file. Files on a network file system are not cached, since checking and reading them
// may block. When the memory is full, the least recently used files are removed. Each loop has its own object, used
// only on the loop's thread.
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

    // settled: in ns. A file that changed less than this time ago is not cached. If it changed again within one tick of
    // the file system's clock, its time would stay the same, and the change would not be detected.
    explicit SmallFiles(std::int64_t settled = 2'000'000'000) noexcept : settled_(settled) {}

    void limit_to(std::size_t bytes);  // sets the limit for all cached files with their overhead, in bytes; 0: no cache

    // Returns nullptr if the file is not cached, or if `path` now leads to another or a changed file.
    std::shared_ptr<const Blob> find(const std::shared_ptr<const BlobFolder>& folder, const std::string& path);

    // Caches the file, and returns the cached copy with its content. Returns `blob` itself if it can't be cached: it
    // has to be small, in the page cache, and not changed recently.
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
