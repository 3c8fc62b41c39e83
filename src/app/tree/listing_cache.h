// Listings as they were shown last, by their keys (app::listing_key), within a bound of bytes.
//
// A key holds the folder's state as the catalog tells it at each call, so that an old listing is never shown, on
// whichever node the change was made; it is only pushed out by newer ones. Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bodega::app {

class ListingCache {
public:
    // Owned by the cache and by the answers that are being sent.
    using Text = std::shared_ptr<const std::string>;

    // most_bytes: of keys, texts and what keeps them; 0 keeps nothing.
    explicit ListingCache(std::int64_t most_bytes) : most_bytes_(static_cast<std::size_t>(most_bytes)) {}

    Text find(std::string_view key);  // nullptr: not there

    // Keeps the text unless it alone is more than a quarter of the bound; the least recently used go.
    void put(std::string key, Text text);

    std::size_t bytes() const;

private:
    struct Slot {
        std::string key;
        Text text;
    };

    static std::size_t cost(const Slot& slot) noexcept;
    void drop_last();

    const std::size_t most_bytes_;
    mutable std::mutex mutex_;
    std::list<Slot> recent_;                                                  // protected by mutex_; newest first
    std::unordered_map<std::string_view, std::list<Slot>::iterator> by_key_;  // protected by mutex_
    std::size_t bytes_ = 0;                                                   // protected by mutex_
};

}  // namespace bodega::app
