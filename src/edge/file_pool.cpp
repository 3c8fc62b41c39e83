#include "edge/file_pool.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace bodega::edge {

FilePool::FilePool(int threads) {
    // The new threads inherit the mask: signals are the main thread's business.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (int i = 0; i < std::max(1, threads); ++i) threads_.emplace_back(&FilePool::work, this);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Task<bool> FilePool::run(std::shared_ptr<FileJob> job, Waiter& waiter, Moment deadline) {
    if (!begin(job, waiter)) co_return false;
    while (!job->done_) {
        Wake wake = co_await waiter.wait(deadline);
        if (wake == Wake::event) continue;
        forget(*job);
        co_return job->done_;
    }
    co_return true;
}

bool FilePool::begin(std::shared_ptr<FileJob> job, Waiter& waiter) {
    job->waiter_ = &waiter;
    return submit(std::move(job), waiter.loop());
}

bool FilePool::submit(std::shared_ptr<FileJob> job, Loop& loop) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= kMaxQueue) return false;
        queue_.push_back({std::move(job), &loop});
    }
    more_.notify_one();
    return true;
}

void FilePool::work() {
    for (;;) {
        Order order;
        {
            std::unique_lock lock(mutex_);
            more_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            order = std::move(queue_.front());
            queue_.pop_front();
        }
        order.job->run();
        order.loop->post([job = std::move(order.job)] {
            job->done_ = true;
            if (job->waiter_) job->waiter_->notify();
        });
    }
}

void FilePool::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        queue_.clear();
    }
    more_.notify_all();
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace bodega::edge
