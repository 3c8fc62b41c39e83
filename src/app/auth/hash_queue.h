// The queue of callers that want to hash a password. A hash takes much memory and time, so only a few hashes run at
// once and the other callers wait.
//
// Networks get turns one after another (round robin), and callers from known devices go first. So a network with many
// sign-ins delays a caller of another network by only about one turn. When the queue is full, a new caller replaces the
// newest caller of the network with the most waiting callers. Thread-safe; one per process.
#pragma once

#include <cstdint>
#include <list>
#include <string>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "config/config.h"

namespace bodega::app {

class HashQueue {
public:
    // Higher values go first.
    enum class Rank : std::uint8_t { slowed, unknown, known };

    struct Caller {
        std::string network;  // empty for the command line and for an administrator's call
        Rank rank = Rank::known;
        config::Duration delay{0};  // the minimum wait before the caller's turn
    };

    explicit HashQueue(int turns) : turns_(turns < 1 ? 1 : turns) {}

    // A caller's turn, from the start of a hash to its end.
    class Turn {
    public:
        // Waits for a turn. Throws Error{unavailable} if the queue is full or if no turn came within 10 s after the
        // delay.
        Turn(HashQueue& queue, const Caller& caller);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

    private:
        HashQueue& queue_;
    };

    std::size_t waiting() const;

private:
    enum class State : std::uint8_t { waits, called, evicted };
    struct Waiting {
        const Caller& caller;
        base::Steady::time_point due;
        std::uint64_t round;  // the caller's position within its network; lower rounds go first
        State state = State::waits;
        base::Condition changed;
    };
    using Queue = std::list<Waiting*>;  // the waiting callers, oldest first

    void enter(const Caller& caller);
    void leave();

    void make_room(const Caller& caller) REQUIRES(mutex_);
    void call_next() REQUIRES(mutex_);
    std::uint64_t next_round(const std::string& network) const REQUIRES(mutex_);
    std::size_t count(const std::string& network, Rank max) const REQUIRES(mutex_);

    const int turns_;
    mutable base::Mutex mutex_;
    int running_ GUARDED_BY(mutex_) = 0;
    std::uint64_t round_ GUARDED_BY(mutex_) = 0;  // the round of the caller that got the last turn
    Queue queue_ GUARDED_BY(mutex_);
};

}  // namespace bodega::app
