// What an operator says to a running server by signals, taken by a thread of its own.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>

#include "base/fd.h"
#include "config/config.h"

namespace bodega::cli {

// A second SIGTERM or SIGINT ends the process at once with exit code 1; any other signal that comes again before it
// was waited for is one. Make it before any other thread, so that all inherit the blocked signals; one a process.
class Signals {
public:
    enum class Event : std::uint8_t {
        stop,     // SIGTERM, SIGINT, and SIGHUP of a terminal that was closed; stays
        reopen,   // SIGUSR1: the log files
        reload,   // SIGHUP: the configuration
        upgrade,  // SIGUSR2: a new process of the binary takes over
    };

    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // The next event; a stop goes before all others.
    Event wait();
    // As a SIGTERM, but for what a second one does: for a stop that another part of this process wants.
    void ask_stop();

    // True as soon as a stop is requested; false after `limit`. Other events stay for later.
    bool is_stopped_within(config::Duration limit);

private:
    static constexpr std::size_t kEvents = 4;

    void listen();
    void note(Event event);
    bool has(Event event) const { return pending_[static_cast<std::size_t>(event)]; }  // requires: mutex_

    base::Fd signals_;  // signalfd(2)
    base::Fd over_;     // eventfd(2): the destructor's word to the thread
    std::mutex mutex_;
    std::condition_variable some_;
    std::array<bool, kEvents> pending_{};  // protected by mutex_, as the next
    bool signalled_ = false;               // to stop
    std::thread thread_;
};

}  // namespace bodega::cli
