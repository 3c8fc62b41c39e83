// Receives an operator's signals on its own thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "base/fd.h"
#include "base/mutex.h"
#include "config/config.h"

namespace bodega::server {

// Turns signals into events. A second SIGTERM or SIGINT ends the process at once with exit code 1. Any other signal
// that arrives several times before wait() is reported once. Create it before any other thread, so that all threads
// inherit the blocked signals; one per process.
class Signals {
public:
    enum class Event : std::uint8_t {
        stop,     // SIGTERM, SIGINT, and SIGHUP from a terminal that was closed; stays set
        reopen,   // SIGUSR1: reopen the log files
        reload,   // SIGHUP: reload the configuration
        upgrade,  // SIGUSR2: a new process of the binary takes over
    };

    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // Waits for the next event; a stop comes before all others.
    Event wait();
    // Requests a stop from within this process, as SIGTERM does. A SIGTERM that follows counts as the first one, so it
    // does not end the process at once.
    void ask_stop();

    // Returns true as soon as a stop is requested, and false after `limit`. Other events stay pending.
    bool is_stopped_within(config::Duration limit);

private:
    static constexpr std::size_t kEvents = 4;

    void listen();
    void note(Event event);
    bool has(Event event) const REQUIRES(mutex_) { return pending_[static_cast<std::size_t>(event)]; }

    base::Fd signals_;     // signalfd(2)
    base::Fd stop_event_;  // eventfd(2): tells the thread to end
    base::Mutex mutex_;
    base::Condition some_;
    std::array<bool, kEvents> pending_ GUARDED_BY(mutex_){};
    bool signalled_ GUARDED_BY(mutex_) = false;  // a stop signal was received
    std::thread thread_;
};

}  // namespace bodega::server
