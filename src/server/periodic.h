// Work that is done again and again on a thread of its own, until the object ends.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "config/config.h"

namespace bodega::cli {

// Runs `work` at once and then `every` so often after it ended. What it throws is logged, once while it stays
// the same, and tried again the next time. The destructor waits for a round under way, so `work` is bounded.
class Periodic {
public:
    Periodic(std::string name, config::Duration every, std::function<void()> work);
    ~Periodic();
    Periodic(const Periodic&) = delete;
    Periodic& operator=(const Periodic&) = delete;

private:
    void run();
    void round();

    const std::string name_;  // for the log
    const config::Duration every_;
    const std::function<void()> work_;
    std::string last_error_;  // of the thread alone
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false;  // protected by mutex_
    std::thread thread_;
};

}  // namespace bodega::cli
