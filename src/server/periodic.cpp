#include "server/periodic.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace bodega::server {

Periodic::Periodic(std::string name, config::Duration every, std::function<void()> work)
    : name_(std::move(name)), every_(every), work_(std::move(work)), thread_([this] { run(); }) {}

Periodic::~Periodic() {
    {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void Periodic::run() {
    base::MutexLock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        round();
        lock.lock();
        ended_.wait_for(mutex_, every_, [this]() REQUIRES(mutex_) { return stopping_; });
    }
}

void Periodic::round() {
    try {
        work_();
        if (!last_error_.empty()) base::log::info(name_, "works again");
        last_error_.clear();
    } catch (const std::exception& error) {
        if (last_error_ == error.what()) return;
        last_error_ = error.what();
        base::log::warn(name_, "failed; will try again", {{"error", last_error_}});
    }
}

}  // namespace bodega::server
