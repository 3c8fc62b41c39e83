// A connection's prepared statements by their text; drops the least recently used first. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/lru_map.h"

namespace bodega::db {

// S must have `bool active() const`, which is true while rows of the statement are being read. Such a statement is
// never dropped.
template <class S>
class StatementCache {
public:
    explicit StatementCache(std::size_t limit) : limit_(limit) {}

    S* find(std::string_view text) {
        const auto* found = statements_.find(text);
        return found ? found->get() : nullptr;
    }

    S& add(std::string_view text, std::unique_ptr<S> statement) {
        while (size() >= limit_ && drop_oldest()) {
        }
        return *statements_.add(std::string(text), std::move(statement));
    }

    // Drops the least recently used statement that is not active. Returns false if all are active.
    bool drop_oldest() {
        return statements_.drop_oldest([](const std::unique_ptr<S>& statement) { return !statement->active(); });
    }

    template <class Visit>
    void for_each(Visit visit) {
        statements_.for_each([&](const std::unique_ptr<S>& statement) { visit(*statement); });
    }

    void clear() { statements_.clear(); }

    std::size_t size() const noexcept { return statements_.size(); }

private:
    const std::size_t limit_;
    base::LruMap<std::string, std::unique_ptr<S>, std::string_view> statements_;
};

}  // namespace bodega::db
