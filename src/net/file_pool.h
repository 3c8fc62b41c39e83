// A few threads for file work that may block on a disk or a network file system, so that no loop does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "net/task.h"
#include "net/wakeup.h"

namespace bodega::edge {

// One piece of blocking work and its result, which the loop's side reads once it is done.
class FileJob {
public:
    virtual ~FileJob() = default;

    bool done() const noexcept { return done_; }  // the loop's thread

private:
    friend class FilePool;
    virtual void run() noexcept = 0;  // on a pool's thread; touches what the job owns alone

    Waiter* waiter_ = nullptr;  // the loop's thread; null: nobody waits any more
    bool done_ = false;         // the loop's thread
};

class FilePool {
public:
    static constexpr std::size_t kMaxQueue = 4096;

    explicit FilePool(int threads);
    ~FilePool() { stop(); }
    FilePool(const FilePool&) = delete;
    FilePool& operator=(const FilePool&) = delete;

    // Runs the job and resumes when it is done; false if it was not: the queue is full, `deadline` passed or the
    // waiter was cancelled. Then the job may still be running, on a file system that hangs, say.
    // The job's two owners are the coroutine that waits for it and the thread that works on it.
    Task<bool> run(std::shared_ptr<FileJob> job, Waiter& waiter, Moment deadline);

    // Every thread has been in its job for kHang: their file system hangs. New jobs are refused; who waits for one that
    // is queued may want to know.
    bool hangs() const;
    static constexpr std::chrono::seconds kHang{10};

    // The same for who does something else meanwhile: the waiter is notified when the job is done(). False: the queue
    // is full. Requires: forget() before the waiter's end, unless the job is done.
    bool begin(std::shared_ptr<FileJob> job, Waiter& waiter);
    // A job that no thread has begun is dropped, with what it holds.
    void forget(FileJob& job) noexcept;

    // Runs `close` on a thread of the pool, some time; at once on this one if the pool can't take it.
    void leave(std::shared_ptr<FileJob> close);

    // Drops what is queued and waits for what runs. The loops of all jobs must still be there.
    void stop();

private:
    struct Order {
        std::shared_ptr<FileJob> job;
        Loop* loop;  // null: nobody is told of its end
    };

    bool submit(std::shared_ptr<FileJob> job, Loop& loop);
    bool all_hang() const;  // requires mutex_
    void work(base::Steady::time_point& since);

    mutable std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Order> queue_;                          // protected by mutex_
    bool stopping_ = false;                            // protected by mutex_
    std::deque<base::Steady::time_point> busy_since_;  // of each thread, kIdle for one without a job; the same
    std::vector<std::thread> threads_;
};

}  // namespace bodega::edge
