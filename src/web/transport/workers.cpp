#include "web/transport/workers.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <system_error>

#include "base/error.h"
#include "base/log.h"

namespace bodega::web {
namespace {

// If a request has waited in the queue for this time, a further thread is started, since the busy threads may be
// waiting for the disk.
constexpr std::chrono::milliseconds kMaxQueueWait{2};

// After threads return from waits, more threads may be running than intended. Up to this many surplus threads continue
// to work, so that they need not be put to sleep and woken again.
constexpr std::size_t kSpare = 2;

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency() / 2); }

}  // namespace

Workers::Workers(Limits limits, std::function<Work()> make_work)
    : cores_(cores()),
      threads_limit_(static_cast<std::size_t>(limits.threads)),
      uploads_limit_(static_cast<std::size_t>(limits.uploads)),
      queue_limit_(static_cast<std::size_t>(limits.queue)),
      make_work_(std::move(make_work)) {}

Workers::~Workers() { stop(config::Duration::zero()); }

Workers::Stats Workers::stats() const {
    const base::MutexLock lock(mutex_);
    std::size_t waiting = std::min(blocked_, awake_);
    return {awake_ - waiting, waiting, idle_, uploads_, queue_.size()};
}

bool Workers::submit(std::unique_ptr<Connection> connection) {
    const base::MutexLock lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back({std::move(connection), base::Steady::now()});
    add_thread_if_useful();
    return true;
}

void Workers::add_thread_if_useful() {
    if (queue_.empty() || stopping_) return;
    if (core_is_free()) {
        if (wake_one()) return;
    }
    if (watching_ || awake_ >= max_awake()) return;
    if (watch_thread_.joinable()) {
        watching_ = true;
        watch_.notify_one();
        return;
    }
    try {
        watch_thread_ = std::thread([this] { watch(); });
        watching_ = true;
    } catch (const std::system_error& error) {
        base::log::warn("web", "could not start a further thread", {{"reason", error.what()}});
    }
}

// True if a thread that has finished a request should take the next one.
bool Workers::is_wanted() const {
    if (awake_ - blocked_ <= cores_ + kSpare) return true;
    return !queue_.empty() && base::Steady::now() - queue_.front().since >= kMaxQueueWait;
}

bool Workers::wake_one() {
    if (awake_ >= max_awake()) return false;
    if (idle_ > 0) {
        --idle_;
        ++wakeups_;
        arrived_.notify_one();
    } else {
        try {
            threads_.emplace_back([this] { run(); });
        } catch (const std::system_error& error) {
            base::log::warn("web", "could not start a further thread", {{"reason", error.what()}});
            return false;
        }
    }
    ++awake_;
    return true;
}

// Starts a further thread whenever a request has waited in the queue for too long. Sleeps while the queue is empty.
void Workers::watch() {
    const base::MutexLock lock(mutex_);
    while (!stopping_) {
        watch_.wait(mutex_, [&]() REQUIRES(mutex_) { return stopping_ || watching_; });
        while (!stopping_ && !queue_.empty()) {
            watch_.wait_for(mutex_, kMaxQueueWait, [&]() REQUIRES(mutex_) { return stopping_; });
            if (!queue_.empty() && base::Steady::now() - queue_.front().since >= kMaxQueueWait) wake_one();
        }
        watching_ = false;
    }
}

Workers::Upload::Upload(Workers& workers) : workers_(workers) {
    const base::MutexLock lock(workers_.mutex_);
    if (workers_.uploads_ >= workers_.uploads_limit_)
        throw base::Error(base::Code::unavailable, "Too many uploads are in progress. Try again in a moment.", 5);
    ++workers_.uploads_;
}

Workers::Upload::~Upload() {
    const base::MutexLock lock(workers_.mutex_);
    --workers_.uploads_;
}

bool Workers::begin_linger() noexcept {
    if (lingering_.fetch_add(1, std::memory_order_relaxed) < threads_limit_ * 3 / 4) return true;
    lingering_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void Workers::end_linger() noexcept { lingering_.fetch_sub(1, std::memory_order_relaxed); }

void Workers::begin_blocking() noexcept {
    const base::MutexLock lock(mutex_);
    ++blocked_;
    add_thread_if_useful();
}

void Workers::end_blocking() noexcept {
    const base::MutexLock lock(mutex_);
    --blocked_;
}

void Workers::begin_aside() noexcept {
    const base::MutexLock lock(mutex_);
    ++aside_;
    add_thread_if_useful();
}

void Workers::end_aside() noexcept {
    const base::MutexLock lock(mutex_);
    --aside_;
}

void Workers::run() {
    ::pthread_setname_np(::pthread_self(), "app");
    Work work = make_work_();
    base::Blocking::watch_this_thread(this);
    const base::MutexLock lock(mutex_);
    for (;;) {
        while (has_work()) {
            run_one(work);
            if (!stopping_ && !is_wanted()) break;
        }
        --awake_;
        ++idle_;
        left_.notify_all();
        arrived_.wait(mutex_, [&]() REQUIRES(mutex_) { return stopping_ || wakeups_ > 0; });
        if (wakeups_ == 0) return;
        --wakeups_;
    }
}

void Workers::run_one(const Work& work) {
    std::unique_ptr<Connection> connection = std::move(queue_.front().connection);
    queue_.pop_front();
    std::shared_ptr<Transport> transport = connection->transport();
    at_work_.insert(transport);
    {
        const base::MutexUnlock unlocked(mutex_);
        connection = work_on(work, std::move(connection));
        connection.reset();
    }
    at_work_.erase(at_work_.find(transport));
    if (stopping_) left_.notify_all();
}

std::unique_ptr<Connection> Workers::work_on(const Work& work, std::unique_ptr<Connection> connection) {
    try {
        return work(std::move(connection));
    } catch (const std::exception& error) {
        base::log::error("web", "closed a connection after an unexpected error", {{"reason", error.what()}});
        return nullptr;
    }
}

void Workers::stop(config::Duration limit) {
    std::vector<std::thread> threads;
    std::thread watch_thread;
    std::deque<Waiting> waiting;
    {
        const base::MutexLock lock(mutex_);
        for (std::size_t left = queue_.size(); left > 0 && wake_one();) --left;
        stopping_ = true;
        arrived_.notify_all();
        watch_.notify_all();
        left_.wait_for(mutex_, limit, [&]() REQUIRES(mutex_) { return at_work_.empty() && queue_.empty(); });
        waiting.swap(queue_);
        for (const std::shared_ptr<Transport>& transport : at_work_) transport->cut();
        threads.swap(threads_);
        watch_thread.swap(watch_thread_);
    }
    waiting.clear();
    for (std::thread& thread : threads) thread.join();
    if (watch_thread.joinable()) watch_thread.join();
}

}  // namespace bodega::web
