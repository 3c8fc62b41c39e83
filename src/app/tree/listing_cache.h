// An LRU cache of listings by key (app::listing_key), limited in bytes.
//
// The key contains the folder's state, which each call reads from the catalog. So a stale listing is never sent, even
// if another node has changed the folder. Stale listings are evicted by newer ones. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/lru_map.h"
#include "base/mutex.h"

namespace bodega::app {

class ListingCache {
public:
    // The owners of a text are the cache and the answers that are being sent.
    using Text = std::shared_ptr<const std::string>;

    // max_bytes: the limit for keys, texts and overhead; 0 disables the cache.
    explicit ListingCache(std::int64_t max_bytes) : max_bytes_(static_cast<std::size_t>(max_bytes)) {}

    Text find(std::string_view key);  // returns nullptr if the key is not cached

    // Caches the text unless it is larger than a quarter of the limit. Evicts the least recently used texts.
    void put(std::string key, Text text);

    std::size_t bytes() const;

private:
    const std::size_t max_bytes_;
    mutable base::Mutex mutex_;
    // the cost of an item is its size in bytes
    base::LruMap<std::string, Text, std::string_view> texts_ GUARDED_BY(mutex_);
};

}  // namespace bodega::app
