#include "app/tree/listing_cache.h"

#include <utility>

namespace bodega::app {
namespace {

// The approximate bytes of a list node, a map node, the shared_ptr's control block and the string objects.
constexpr std::size_t kOverhead = 256;

}  // namespace

ListingCache::Text ListingCache::find(std::string_view key) {
    const base::MutexLock lock(mutex_);
    const Text* found = texts_.find(key);
    return found ? *found : nullptr;
}

void ListingCache::put(std::string key, Text text) {
    const std::size_t cost = key.size() + text->size() + kOverhead;
    if (cost > max_bytes_ / 4) return;
    const base::MutexLock lock(mutex_);
    if (texts_.contains(key)) return;
    texts_.add(std::move(key), std::move(text), cost);
    texts_.shrink_to(max_bytes_);
}

std::size_t ListingCache::bytes() const {
    const base::MutexLock lock(mutex_);
    return texts_.cost();
}

}  // namespace bodega::app
