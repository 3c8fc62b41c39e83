// Threads for file operations that may block on a disk or a network file system, so that no loop blocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
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
    virtual void run() noexcept = 0;  // called on a pool's thread; may use only what the job owns

    Wakeup* wakeup_ = nullptr;  // used by the loop's thread; null: no coroutine waits
    bool done_ = false;         // used by the loop's thread
};

class FilePool {
public:
    static constexpr std::size_t kMaxQueue = 4096;

    explicit FilePool(int threads);
    ~FilePool() { stop(); }
    FilePool(const FilePool&) = delete;
    FilePool& operator=(const FilePool&) = delete;

    // Runs the job and resumes when it is done. Returns false if the pool rejected the job (queue full, all threads
    // hang, or stopping), if `deadline` passed, or if the wakeup was cancelled. The job may then still be running, for
    // example on a file system that hangs. Two owners share the job: the waiting coroutine and the pool's thread.
    Task<bool> run(std::shared_ptr<FileJob> job, Wakeup& wakeup, Moment deadline);

    // Returns true if every thread has been in its current job for kHang: the file system hangs. The pool then rejects
    // new jobs. A caller whose job is still queued can poll this function.
    bool hangs() const;
    static constexpr std::chrono::seconds kHang{10};

    // Queues the job without waiting: `wakeup` is notified when the job is done(). Returns false if the pool rejected
    // it. Requires: call forget() before `wakeup` is destroyed, unless the job is done.
    bool begin(std::shared_ptr<FileJob> job, Wakeup& wakeup);
    // Drops a job that is still queued. If the job is running, only cancels its notification.
    void forget(FileJob& job) noexcept;

    // Runs `close` later on a pool's thread. Runs it now, on the calling thread, if the pool rejects the job.
    void close_later(std::shared_ptr<FileJob> close);

    // Drops queued jobs and waits for running ones. Requires: the loops of all jobs still exist.
    void stop();

private:
    struct QueuedJob {
        std::shared_ptr<FileJob> job;
        Loop* loop;  // null: the job's end is not reported
    };

    bool submit(std::shared_ptr<FileJob> job, Loop& loop);
    bool all_hang() const REQUIRES(mutex_);
    void work(base::Steady::time_point& since);

    mutable base::Mutex mutex_;
    base::Condition more_;
    std::deque<QueuedJob> queue_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
    // The time at which each thread began its current job; kIdle for a thread without a job.
    std::deque<base::Steady::time_point> busy_since_ GUARDED_BY(mutex_);
    std::vector<std::thread> threads_;
};

}  // namespace bodega::net
