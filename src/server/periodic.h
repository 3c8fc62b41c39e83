// Runs work periodically on its own thread, until the object ends.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "config/config.h"

namespace bodega::server {

// Runs `work` at once, then again after each pause of `every`. Logs an error that `work` throws, unless it is the same
// as in the last run. The destructor waits for a running call, so each call must end within a limited time.
class Periodic {
public:
    Periodic(std::string name, config::Duration every, std::function<void()> work);
    ~Periodic();
    Periodic(const Periodic&) = delete;
    Periodic& operator=(const Periodic&) = delete;

private:
    void run();
    void round();

    const std::string name_;  // names the work in log lines
    const config::Duration every_;
    const std::function<void()> work_;
    std::string last_error_;  // used only on thread_
    base::Mutex mutex_;
    base::Condition ended_;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_;
};

}  // namespace bodega::server
