#include "app/auth/caller_lookup.h"

#include <algorithm>

#include "base/blocking.h"

namespace bodega::app {
namespace {

constexpr int kUnderWay = 4;  // statements at once: a database may be a millisecond away

}  // namespace

std::optional<store::CallerAt> CallerLookup::find_at(store::SecretKind kind, const store::CallerAsked& asked) {
    // SQLite is in this process: there is no way to save.
    if (catalog_.dialect() == db::Dialect::sqlite)
        return catalog_.read([&](db::Connection& c) { return store::Callers(c).find_at(kind, asked); });
    Line& line = kind == store::SecretKind::session ? sessions_ : tokens_;
    Waiting self(asked);
    std::unique_lock lock(mutex_);
    if (line.under_way < kUnderWay) {
        self.together.push_back(&self);
        ++line.under_way;
    } else {
        line.waiting.push_back(&self);
        const base::Blocking waits;
        self.called.wait(lock, [&] { return self.done || !self.together.empty(); });
    }
    if (!self.done) {
        lock.unlock();
        ask_for(kind, self.together);
        lock.lock();
        for (Waiting* one : self.together) {
            one->done = true;
            one->called.notify_one();  // under the lock: it ends with its wait
        }
        call_next(line);
    }
    if (self.failure) std::rethrow_exception(self.failure);
    return std::move(self.found);
}

// Without the lock: nobody else touches those who are looked up until they are done.
void CallerLookup::ask_for(store::SecretKind kind, const std::vector<Waiting*>& together) {
    try {
        std::vector<store::CallerAsked> asked;
        asked.reserve(together.size());
        for (const Waiting* one : together) asked.push_back(one->asked);
        auto found = catalog_.read([&](db::Connection& c) { return store::Callers(c).find_at(kind, asked); });
        for (std::size_t i = 0; i < together.size(); ++i) together[i]->found = std::move(found[i]);
    } catch (...) {
        for (Waiting* one : together) one->failure = std::current_exception();  // each of them throws it
    }
}

// A statement ended: the first in line asks next, for those behind it too.
void CallerLookup::call_next(Line& line) {
    if (line.waiting.empty()) {
        --line.under_way;
        return;
    }
    Waiting& first = *line.waiting.front();
    const auto count = static_cast<std::ptrdiff_t>(std::min(line.waiting.size(), store::Callers::kMostAtOnce));
    first.together.assign(line.waiting.begin(), line.waiting.begin() + count);
    line.waiting.erase(line.waiting.begin(), line.waiting.begin() + count);
    first.called.notify_one();
}

}  // namespace bodega::app
