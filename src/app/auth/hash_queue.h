// Who hashes a password next. A hash takes much memory and time, so only a few run at once and the others wait.
//
// The order is fair among networks, and known devices go first: sign-ins that others have in flight, however many, cost
// a caller about one turn. When the queue is full, a caller takes the place of the newest of those that have the most
// in it. Thread-safe; one a process.
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
        std::string network;  // "": nobody's, the command line or an administrator's call
        Rank rank = Rank::known;
        config::Duration delay{0};  // no turn before
    };

    explicit HashQueue(int turns) : turns_(turns < 1 ? 1 : turns) {}

    // One of the turns, held while a hash is computed.
    class Turn {
    public:
        // Throws Error{unavailable} if none came within ten seconds after the delay, or the queue is full.
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
        std::uint64_t round;  // of the network's tries: the first of each network go before the second of any
        State state = State::waits;
        std::condition_variable changed;
    };
    using Queue = std::list<Waiting*>;  // the oldest first; those that wait

    void enter(const Caller& caller);
    void leave();

    // All of these require mutex_.
    void make_room(const Caller& caller);
    void call_next();
    std::uint64_t next_round(const std::string& network) const;
    std::size_t count(const std::string& network, Rank most) const;

    const int turns_;
    mutable std::mutex mutex_;  // protects all below
    int running_ = 0;
    std::uint64_t round_ = 0;  // of the last one called
    Queue queue_;
};

}  // namespace bodega::app
