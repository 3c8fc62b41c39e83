#include "web/workers.h"

#include <sys/socket.h>

#include <exception>
#include <system_error>

#include "base/error.h"
#include "base/log.h"

namespace bodega::web {

Workers::Workers(Limits limits, std::function<Work()> make_work)
    : threads_limit_(static_cast<std::size_t>(limits.threads)),
      uploads_limit_(static_cast<std::size_t>(limits.uploads)),
      queue_limit_(static_cast<std::size_t>(limits.queue)),
      make_work_(std::move(make_work)) {}

Workers::~Workers() { stop(config::Duration::zero()); }

bool Workers::submit(std::unique_ptr<Connection> connection) {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    if (queue_.size() >= idle_) add_thread();
    if (threads_.empty()) return false;
    queue_.push_back(std::move(connection));
    arrived_.notify_one();
    return true;
}

bool Workers::may_work() const { return !queue_.empty() && at_work_.size() < threads_limit_ + uploads_; }

bool Workers::add_thread() {
    if (threads_.size() >= threads_limit_ + uploads_) return false;
    try {
        threads_.emplace_back([this] { run(); });
        return true;
    } catch (const std::system_error& error) {
        base::log::warn("web", "no further thread could be made", {{"reason", error.what()}});
        return false;
    }
}

Workers::Upload::Upload(Workers& workers) : workers_(workers) {
    const std::lock_guard lock(workers_.mutex_);
    if (workers_.uploads_ >= workers_.uploads_limit_)
        throw base::Error(base::Code::unavailable, "too many uploads are under way; this one can go on in a moment", 5);
    ++workers_.uploads_;
    if (workers_.queue_.size() > workers_.idle_) workers_.add_thread();
    workers_.arrived_.notify_one();
}

Workers::Upload::~Upload() {
    const std::lock_guard lock(workers_.mutex_);
    --workers_.uploads_;
}

bool Workers::begin_linger() noexcept {
    if (lingering_.fetch_add(1, std::memory_order_relaxed) < threads_limit_ * 3 / 4) return true;
    end_linger();
    return false;
}

void Workers::end_linger() noexcept { lingering_.fetch_sub(1, std::memory_order_relaxed); }

void Workers::run() {
    Work work = make_work_();
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        arrived_.wait(lock, [&] { return stopping_ || may_work(); });
        --idle_;
        if (!may_work()) return;
        std::unique_ptr<Connection> connection = std::move(queue_.front());
        queue_.pop_front();
        int fd = connection->fd();
        at_work_.insert(fd);
        lock.unlock();
        connection = run_one(work, std::move(connection));
        lock.lock();
        at_work_.erase(at_work_.find(fd));
        left_.notify_all();
        arrived_.notify_one();  // who waits for room to work
        lock.unlock();
        connection.reset();  // after its number left at_work_: another file may get it now
        lock.lock();
    }
}

std::unique_ptr<Connection> Workers::run_one(const Work& work, std::unique_ptr<Connection> connection) {
    try {
        return work(std::move(connection));
    } catch (const std::exception& error) {
        base::log::error("web", "a connection was given up", {{"reason", error.what()}});
        return nullptr;
    }
}

void Workers::stop(config::Duration limit) {
    std::vector<std::thread> threads;
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        queue_.clear();
        arrived_.notify_all();
        left_.wait_for(lock, limit, [&] { return at_work_.empty(); });
        for (int fd : at_work_) ::shutdown(fd, SHUT_RDWR);
        threads.swap(threads_);
    }
    for (std::thread& thread : threads) thread.join();
}

}  // namespace bodega::web
