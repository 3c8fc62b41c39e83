// The queue of callers that want to hash a password. A hash takes much memory and time, so only a few run at once and
// the others wait.
//
// The order is fair among networks, and known devices go first: the sign-ins of other networks, however many, delay a
// caller by about one turn. When the queue is full, a new caller replaces the newest caller of the network that has the
// most in it. Thread-safe; one a process.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>

#include "base/blocking.h"
#include "base/clock.h"
#include "config/config.h"

namespace bodega::app {

class HashQueue {
public:
    // In ascending order of preference.
    enum class Rank : std::uint8_t { slowed, unknown, known };

    struct Caller {
        std::string network;  // empty for the command line and an administrator's call
        Rank rank = Rank::known;
        config::Duration delay{0};  // the least wait before its turn
    };

    explicit HashQueue(int turns) : turns_(turns < 1 ? 1 : turns) {}

    // One of the turns. Held while a hash is computed.
    class Turn {
    public:
        // Waits for a turn. Throws Error{unavailable} if none came within 10 s after the delay, or if the queue is
        // full.
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
        std::uint64_t round;  // the caller's number within its network; lower rounds go first
        State state = State::waits;
        std::condition_variable changed;
    };
    using Queue = std::list<Waiting*>;  // the waiting callers, oldest first

    void enter(const Caller& caller);
    void leave();

    // Requires for the functions below: mutex_ is held.
    void make_room(const Caller& caller);
    void call_next();
    std::uint64_t next_round(const std::string& network) const;
    std::size_t count(const std::string& network, Rank most) const;

    const int turns_;
    mutable std::mutex mutex_;  // protects the fields below
    int running_ = 0;
    std::uint64_t round_ = 0;  // of the caller that got a turn last
    Queue queue_;
};

}  // namespace bodega::app
