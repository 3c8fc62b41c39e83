// A map whose values have a cost. It knows their total cost and the order in which they were last used. The owner
// chooses a limit and drops the least recently used values. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

namespace bodega::base {

// View: the type of a key in look-ups, for example std::string_view if Key is std::string, so that a look-up copies no
// key. A reference to a value stays valid until the value is dropped.
template <class Key, class Value, class View = Key, class Hash = std::hash<View>>
class LruMap {
public:
    // Returns the value and makes it the most recently used. Returns nullptr if the key is not in the map.
    Value* find(const View& key) {
        const auto at = by_key_.find(key);
        if (at == by_key_.end()) return nullptr;
        recent_.splice(recent_.begin(), recent_, at->second);
        return &at->second->value;
    }

    bool contains(const View& key) const { return by_key_.contains(key); }

    // Adds a value, which becomes the most recently used. Requires: the key is not in the map.
    Value& add(Key key, Value value, std::size_t cost = 1) {
        recent_.push_front({std::move(key), std::move(value), cost});
        by_key_.emplace(View(recent_.front().key), recent_.begin());
        cost_ += cost;
        return recent_.front().value;
    }

    void drop(const View& key) {
        if (const auto at = by_key_.find(key); at != by_key_.end()) drop(at->second);
    }

    // Drops the least recently used values until the total cost is at most `cost`.
    void shrink_to(std::size_t cost) {
        while (cost_ > cost) drop(std::prev(recent_.end()));
    }

    // Drops the least recently used value for which `may_drop` is true. Returns false if there is no such value.
    template <class Predicate>
    bool drop_oldest(Predicate may_drop) {
        for (auto at = recent_.end(); at != recent_.begin();) {
            if (!may_drop((--at)->value)) continue;
            drop(at);
            return true;
        }
        return false;
    }

    // Visits all values, from the most to the least recently used.
    template <class Visit>
    void for_each(Visit visit) {
        for (Entry& entry : recent_) visit(entry.value);
    }

    void clear() noexcept {
        by_key_.clear();
        recent_.clear();
        cost_ = 0;
    }

    std::size_t size() const noexcept { return by_key_.size(); }
    std::size_t cost() const noexcept { return cost_; }

private:
    struct Entry {
        Key key;
        Value value;
        std::size_t cost;
    };
    using Order = std::list<Entry>;

    void drop(typename Order::iterator which) {
        cost_ -= which->cost;
        by_key_.erase(View(which->key));
        recent_.erase(which);
    }

    Order recent_;  // most recently used first
    std::unordered_map<View, typename Order::iterator, Hash> by_key_;
    std::size_t cost_ = 0;
};

}  // namespace bodega::base
