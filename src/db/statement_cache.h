// A connection's prepared statements by their text; drops the least recently used first. Not thread-safe.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bodega::db {

// S has `bool active() const`: a statement whose rows are being read is never dropped.
template <class S>
class StatementCache {
public:
    explicit StatementCache(std::size_t limit) : limit_(limit) {}

    S* find(std::string_view text) {
        const auto at = by_text_.find(text);
        if (at == by_text_.end()) return nullptr;
        recent_.splice(recent_.begin(), recent_, at->second);
        return at->second->statement.get();
    }

    S& add(std::string_view text, std::unique_ptr<S> statement) {
        while (recent_.size() >= limit_ && drop_oldest()) {
        }
        recent_.push_front({std::string(text), std::move(statement)});
        by_text_.emplace(recent_.front().text, recent_.begin());
        return *recent_.front().statement;
    }

    // Drops the least recently used statement that is not active. Returns false if all are active.
    bool drop_oldest() {
        for (auto at = recent_.end(); at != recent_.begin();) {
            if ((--at)->statement->active()) continue;
            by_text_.erase(at->text);
            recent_.erase(at);
            return true;
        }
        return false;
    }

    template <class Visit>
    void for_each(Visit visit) {
        for (auto& slot : recent_) visit(*slot.statement);
    }

    void clear() {
        by_text_.clear();
        recent_.clear();
    }

    std::size_t size() const noexcept { return recent_.size(); }

private:
    struct Slot {
        std::string text;
        std::unique_ptr<S> statement;
    };

    const std::size_t limit_;
    std::list<Slot> recent_;  // most recently used first
    std::unordered_map<std::string_view, typename std::list<Slot>::iterator> by_text_;
};

}  // namespace bodega::db
