#include "app/auth/caller_lookup.h"

#include <algorithm>

#include "base/blocking.h"

namespace bodega::app {
namespace {

// The maximum number of concurrent statements for each kind of secret. With only 1, a lookup would have to wait for the
// whole round trip of the statement before it.
constexpr int kMaxInFlight = 4;

}  // namespace

std::optional<store::CallerAt> CallerLookup::find_at(store::SecretKind kind, const store::CallerAsked& asked) {
    // SQLite runs in this process, so batching would save no round trip.
    if (catalog_.dialect() == db::Dialect::sqlite)
        return catalog_.read([&](db::Connection& c) { return store::Callers(c).find_at(kind, asked); });
    Waiting self(asked);
    base::MutexLock lock(mutex_);
    Queue& queue = kind == store::SecretKind::session ? sessions_ : tokens_;
    if (queue.in_flight < kMaxInFlight) {
        self.batch.push_back(&self);
        ++queue.in_flight;
    } else {
        queue.waiting.push_back(&self);
        const base::Blocking waits;
        self.wakeup.wait(mutex_, [&] { return self.done || !self.batch.empty(); });
    }
    if (!self.done) {
        lock.unlock();
        look_up(kind, self.batch);
        lock.lock();
        for (Waiting* one : self.batch) {
            one->done = true;
            // Notifies while holding the lock: `one` is on the stack of its thread, which may return as soon as the
            // lock is free.
            one->wakeup.notify_one();
        }
        wake_next(queue);
    }
    if (self.failure) std::rethrow_exception(self.failure);
    return std::move(self.found);
}

// Runs without the lock. No other thread reads or changes the items of `batch` before `done` is true.
void CallerLookup::look_up(store::SecretKind kind, const std::vector<Waiting*>& batch) {
    try {
        std::vector<store::CallerAsked> asked;
        asked.reserve(batch.size());
        for (const Waiting* one : batch) asked.push_back(one->asked);
        auto found = catalog_.read([&](db::Connection& c) { return store::Callers(c).find_at(kind, asked); });
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->found = std::move(found[i]);
    } catch (...) {
        for (Waiting* one : batch) one->failure = std::current_exception();  // each waiting thread rethrows the error
    }
}

// Called when a statement ends. Wakes the thread that has waited longest. That thread then looks up its own item and
// the items that wait behind it.
void CallerLookup::wake_next(Queue& queue) {
    if (queue.waiting.empty()) {
        --queue.in_flight;
        return;
    }
    Waiting& first = *queue.waiting.front();
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue.waiting.size(), store::Callers::kMaxAtOnce));
    first.batch.assign(queue.waiting.begin(), queue.waiting.begin() + count);
    queue.waiting.erase(queue.waiting.begin(), queue.waiting.begin() + count);
    first.wakeup.notify_one();
}

}  // namespace bodega::app
