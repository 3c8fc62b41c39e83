// SIGTERM and SIGINT, taken by a thread of their own.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/fd.h"
#include "config/config.h"

namespace bodega::cli {

// The first signal is a request to stop, which others wait for; a second one ends the process at once with
// exit code 1. Make it before any other thread, so that all inherit the blocked signals; one a process.
class StopSignal {
public:
    StopSignal();
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    void wait();
    // True as soon as a stop is requested; false after `limit`.
    bool wait_for(config::Duration limit);

private:
    void listen();

    base::Fd signals_;  // signalfd(2)
    base::Fd over_;     // eventfd(2): the destructor's word to the thread
    std::mutex mutex_;
    std::condition_variable asked_;
    bool requested_ = false;  // protected by mutex_
    std::thread thread_;
};

}  // namespace bodega::cli
