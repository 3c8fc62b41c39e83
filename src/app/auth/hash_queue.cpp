#include "app/auth/hash_queue.h"

#include <algorithm>
#include <chrono>

#include "base/error.h"

namespace bodega::app {
namespace {

constexpr auto kMaxWait = std::chrono::seconds(10);
// The most callers that wait. Each of them blocks a thread, which does not count in the app's limit of running threads.
constexpr std::size_t kMaxWaiting = 64;

base::Error full() {
    return {base::Code::unavailable, "Too many people are signing in right now. Try again in a moment.", 2};
}

}  // namespace

HashQueue::Turn::Turn(HashQueue& queue, const Caller& caller) : queue_(queue) { queue_.enter(caller); }

HashQueue::Turn::~Turn() { queue_.leave(); }

std::size_t HashQueue::waiting() const {
    const base::MutexLock lock(mutex_);
    return queue_.size();
}

void HashQueue::enter(const Caller& caller) {
    base::MutexLock lock(mutex_);
    if (running_ < turns_ && caller.delay.count() <= 0) {
        ++running_;
        return;
    }
    make_room(caller);
    Waiting self{caller, base::Steady::now() + caller.delay, next_round(caller.network), State::waits, {}};
    const auto position = queue_.insert(queue_.end(), &self);
    lock.unlock();
    const base::Blocking waits(base::Blocking::Kind::aside);
    lock.lock();
    const auto give_up = self.due + kMaxWait;
    while (self.state == State::waits && base::Steady::now() < give_up) {
        const bool early = base::Steady::now() < self.due;
        self.changed.wait_until(mutex_, early ? self.due : give_up);
        if (self.state == State::waits) call_next();
    }
    if (self.state == State::called) return;
    if (self.state == State::waits) queue_.erase(position);
    throw full();
}

void HashQueue::leave() {
    const base::MutexLock lock(mutex_);
    --running_;
    call_next();
}

// Evicts a waiting caller if the queue is full. If the lowest rank in the queue is below the new caller's rank, evicts
// a caller of the lowest rank. If both ranks are equal, looks for the network that has the most waiting callers of this
// rank. If that network has at least two more of them than the new caller's network, evicts the newest of them. Throws
// if no caller can be evicted.
void HashQueue::make_room(const Caller& caller) {
    if (queue_.size() < kMaxWaiting) return;
    auto victim = queue_.end();
    std::size_t max = 0;
    for (auto at = queue_.begin(); at != queue_.end(); ++at) {
        const Caller& other = (*at)->caller;
        const std::size_t theirs = count(other.network, caller.rank);
        const bool worse = victim == queue_.end() || other.rank < (*victim)->caller.rank ||
                           (other.rank == (*victim)->caller.rank && theirs >= max);
        if (other.rank > caller.rank || !worse) continue;
        victim = at;
        max = theirs;
    }
    if (victim == queue_.end()) throw full();
    const bool same_rank = (*victim)->caller.rank == caller.rank;
    if (same_rank && max <= count(caller.network, caller.rank) + 1) throw full();
    (*victim)->state = State::evicted;
    (*victim)->changed.notify_one();
    queue_.erase(victim);
}

void HashQueue::call_next() {
    const auto now = base::Steady::now();
    while (running_ < turns_) {
        auto next = queue_.end();
        for (auto at = queue_.begin(); at != queue_.end(); ++at) {
            if ((*at)->due > now) continue;
            const bool better = next == queue_.end() || (*at)->caller.rank > (*next)->caller.rank ||
                                ((*at)->caller.rank == (*next)->caller.rank && (*at)->round < (*next)->round);
            if (better) next = at;
        }
        if (next == queue_.end()) return;
        ++running_;
        round_ = std::max(round_, (*next)->round);
        (*next)->state = State::called;
        (*next)->changed.notify_one();
        queue_.erase(next);
    }
}

std::uint64_t HashQueue::next_round(const std::string& network) const {
    std::uint64_t round = round_;
    for (const Waiting* other : queue_)
        if (other->caller.network == network) round = std::max(round, other->round + 1);
    return round;
}

std::size_t HashQueue::count(const std::string& network, Rank max) const {
    return static_cast<std::size_t>(std::count_if(queue_.begin(), queue_.end(), [&](const Waiting* other) {
        return other->caller.network == network && other->caller.rank <= max;
    }));
}

}  // namespace bodega::app
