#include "app/tree/listing_cache.h"

namespace bodega::app {
namespace {

// The approximate bytes of a list node, a map node, the shared_ptr's control block and the string objects.
constexpr std::size_t kOverhead = 256;

}  // namespace

std::size_t ListingCache::cost(const Slot& slot) noexcept { return slot.key.size() + slot.text->size() + kOverhead; }

ListingCache::Text ListingCache::find(std::string_view key) {
    const base::MutexLock lock(mutex_);
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, at->second);
    return at->second->text;
}

void ListingCache::put(std::string key, Text text) {
    Slot slot{std::move(key), std::move(text)};
    if (cost(slot) > most_bytes_ / 4) return;
    const base::MutexLock lock(mutex_);
    if (by_key_.contains(slot.key)) return;
    bytes_ += cost(slot);
    recent_.push_front(std::move(slot));
    by_key_.emplace(recent_.front().key, recent_.begin());
    while (bytes_ > most_bytes_) drop_last();
}

void ListingCache::drop_last() {
    bytes_ -= cost(recent_.back());
    by_key_.erase(recent_.back().key);
    recent_.pop_back();
}

std::size_t ListingCache::bytes() const {
    const base::MutexLock lock(mutex_);
    return bytes_;
}

}  // namespace bodega::app
