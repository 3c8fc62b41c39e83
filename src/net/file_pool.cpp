#include "net/file_pool.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace bodega::net {

namespace {

constexpr base::Steady::time_point kIdle{};

}  // namespace

FilePool::FilePool(int threads) {
    // Blocks all signals: the new threads inherit this mask, so that only the main thread handles signals.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (int i = 0; i < std::max(1, threads); ++i) busy_since_.push_back(kIdle);
    for (base::Steady::time_point& since : busy_since_) threads_.emplace_back([this, &since] { work(since); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Task<bool> FilePool::run(std::shared_ptr<FileJob> job, Wakeup& wakeup, Moment deadline) {
    if (!begin(job, wakeup)) co_return false;
    while (!job->done_) {
        Wake wake = co_await wakeup.wait(deadline);
        if (wake == Wake::event) continue;
        forget(*job);
        co_return job->done_;
    }
    co_return true;
}

bool FilePool::begin(std::shared_ptr<FileJob> job, Wakeup& wakeup) {
    job->wakeup_ = &wakeup;
    return submit(std::move(job), wakeup.loop());
}

bool FilePool::submit(std::shared_ptr<FileJob> job, Loop& loop) {
    {
        const base::MutexLock lock(mutex_);
        if (stopping_ || queue_.size() >= kMaxQueue || all_hang()) return false;
        queue_.push_back({std::move(job), &loop});
    }
    more_.notify_one();
    return true;
}

void FilePool::forget(FileJob& job) noexcept {
    job.wakeup_ = nullptr;
    const base::MutexLock lock(mutex_);
    std::erase_if(queue_, [&](const QueuedJob& queued) { return queued.job.get() == &job; });
}

void FilePool::close_later(std::shared_ptr<FileJob> close) {
    {
        const base::MutexLock lock(mutex_);
        if (!stopping_ && queue_.size() < kMaxQueue) queue_.push_back({std::exchange(close, nullptr), nullptr});
    }
    if (close) close->run();
    else more_.notify_one();
}

bool FilePool::hangs() const {
    const base::MutexLock lock(mutex_);
    return all_hang();
}

bool FilePool::all_hang() const {
    auto limit = base::Steady::now() - kHang;
    return std::all_of(busy_since_.begin(), busy_since_.end(),
                       [&](auto since) { return since != kIdle && since < limit; });
}

void FilePool::work(base::Steady::time_point& since) {
    for (;;) {
        QueuedJob queued;
        {
            const base::MutexLock lock(mutex_);
            since = kIdle;
            more_.wait(mutex_, [this]() REQUIRES(mutex_) { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            queued = std::move(queue_.front());
            queue_.pop_front();
            since = base::Steady::now();
        }
        queued.job->run();
        if (!queued.loop) continue;
        queued.loop->post([job = std::move(queued.job)] {
            job->done_ = true;
            if (job->wakeup_) job->wakeup_->notify();
        });
    }
}

void FilePool::stop() {
    // Jobs are destroyed only after mutex_ is unlocked. A job may own the last reference to a file. Closing that file
    // calls close_later(), which locks mutex_.
    std::deque<QueuedJob> dropped;
    {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
        dropped.swap(queue_);
    }
    dropped.clear();
    more_.notify_all();
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace bodega::net
