// Threads for file operations that may block on a disk or a network file system, so that no loop blocks.
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

namespace bodega::net {

// One blocking operation and its result, which the loop's thread reads once the job is done.
class FileJob {
public:
    virtual ~FileJob() = default;

    bool done() const noexcept { return done_; }  // call on the loop's thread

private:
    friend class FilePool;
    virtual void run() noexcept = 0;  // on a pool's thread; touches only what the job owns

    Wakeup* wakeup_ = nullptr;  // used by the loop's thread; null: nobody waits any more
    bool done_ = false;         // used by the loop's thread
};

class FilePool {
public:
    static constexpr std::size_t kMaxQueue = 4096;

    explicit FilePool(int threads);
    ~FilePool() { stop(); }
    FilePool(const FilePool&) = delete;
    FilePool& operator=(const FilePool&) = delete;

    // Runs the job and resumes when it is done. Returns false if the pool rejected it (queue full, all threads hang,
    // or stopping), `deadline` passed or the wakeup was cancelled; the job may then still be running, for example on a
    // file system that hangs. Two owners share the job: the waiting coroutine and the pool's thread.
    Task<bool> run(std::shared_ptr<FileJob> job, Wakeup& wakeup, Moment deadline);

    // True when every thread has been in its job for kHang: their file system hangs. New jobs are then rejected; a
    // caller whose job is queued can poll this.
    bool hangs() const;
    static constexpr std::chrono::seconds kHang{10};

    // Queues the job without waiting: `wakeup` is notified when the job is done(). Returns false if the pool rejected
    // it. Requires: call forget() before `wakeup` is destroyed, unless the job is done.
    bool begin(std::shared_ptr<FileJob> job, Wakeup& wakeup);
    // Drops a job that no thread has begun. For a running one, only its notification is cancelled.
    void forget(FileJob& job) noexcept;

    // Runs `close` on a pool's thread later; runs it now, on the calling thread, if the pool can't take it.
    void close_later(std::shared_ptr<FileJob> close);

    // Drops queued jobs and waits for running ones. Requires: the loops of all jobs still exist.
    void stop();

private:
    struct QueuedJob {
        std::shared_ptr<FileJob> job;
        Loop* loop;  // null: no notification at the end
    };

    bool submit(std::shared_ptr<FileJob> job, Loop& loop);
    bool all_hang() const;  // Requires: mutex_ is held
    void work(base::Steady::time_point& since);

    mutable std::mutex mutex_;
    std::condition_variable more_;
    std::deque<QueuedJob> queue_;  // protected by mutex_
    bool stopping_ = false;        // protected by mutex_
    // Start of each thread's job, kIdle without one; protected by mutex_.
    std::deque<base::Steady::time_point> busy_since_;
    std::vector<std::thread> threads_;
};

}  // namespace bodega::net
