// A map that knows the order in which its values were last used, and what they cost in total. Its owner chooses the
// limit and drops the oldest values. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

namespace bodega::base {

// View: what a key is looked up by, made of a Key without a copy (std::string_view of a std::string). References to
// values stay valid until the value is dropped.
template <class Key, class Value, class View = Key, class Hash = std::hash<View>>
class LruMap {
public:
    // The value, from now on the most recently used; nullptr: not there.
    Value* find(const View& key) {
        const auto at = by_key_.find(key);
        if (at == by_key_.end()) return nullptr;
        recent_.splice(recent_.begin(), recent_, at->second);
        return &at->second->value;
    }

    bool contains(const View& key) const { return by_key_.contains(key); }

    // Requires: the key is not there. The value becomes the most recently used.
    Value& add(Key key, Value value, std::size_t cost = 1) {
        recent_.push_front({std::move(key), std::move(value), cost});
        by_key_.emplace(View(recent_.front().key), recent_.begin());
        cost_ += cost;
        return recent_.front().value;
    }

    void drop(const View& key) {
        if (const auto at = by_key_.find(key); at != by_key_.end()) drop(at->second);
    }

    // Drops the least recently used values until all together cost no more than `cost`.
    void shrink_to(std::size_t cost) {
        while (cost_ > cost) drop(std::prev(recent_.end()));
    }

    // Drops the least recently used value for which `may_drop` is true. False: there is no such value.
    template <class Predicate>
    bool drop_oldest(Predicate may_drop) {
        for (auto at = recent_.end(); at != recent_.begin();) {
            if (!may_drop((--at)->value)) continue;
            drop(at);
            return true;
        }
        return false;
    }

    // From the most to the least recently used.
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
