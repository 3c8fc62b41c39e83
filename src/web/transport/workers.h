// A limited set of threads, and the limited queue of connections that wait for a thread.
//
// Half as many threads are awake as the machine has hardware threads. They work on one request after the other, without
// a wake-up for each. A thread that waits for the database or the disk (base::Blocking) does not count. If a connection
// has waited in the queue for kMaxQueueWait, a further thread starts. Threads are created on demand and stay.
// Thread-safe.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "config/config.h"
#include "web/transport/connection.h"

namespace bodega::web {

class Workers final : private base::Blocking::Watcher {
public:
    // Works on a connection until the connection is parked. Returns the connection if it has to be closed.
    using Work = std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>)>;

    struct Limits {
        int threads;  // the most threads that work at the same time, not counting uploads
        int uploads;  // the most uploads, in addition to `threads`
        int queue;    // the most connections that wait for a thread
    };

    // make_work: called once on each new thread, so that each thread has its own state.
    Workers(Limits limits, std::function<Work()> make_work);
    ~Workers();  // calls stop()

    // For the metrics.
    struct Stats {
        std::size_t working, waiting, idle;  // threads; `waiting` threads wait for the database or the disk
        std::size_t uploads;
        std::size_t queued;  // connections that wait for a thread
    };
    Stats stats() const;
    std::size_t threads_limit() const noexcept { return threads_limit_; }

    // Returns false, and closes the connection, if the queue is full.
    bool submit(std::unique_ptr<Connection> connection);

    // A body that arrives slowly holds its thread for the entire time. So one more thread may work while an Upload
    // exists. The constructor throws Error{unavailable} at the limit of uploads.
    class Upload {
    public:
        explicit Upload(Workers& workers);
        ~Upload();
        Upload(const Upload&) = delete;

    private:
        Workers& workers_;
    };

    // Returns true if a thread may wait a short time for the next request of its connection, because enough other
    // threads are free for new connections. The caller then has to call end_linger().
    bool begin_linger() noexcept;
    void end_linger() noexcept;

    // Accepts no more connections. Waits at most `limit` until all accepted connections are done, then closes those
    // that are left and joins the threads.
    void stop(config::Duration limit);

private:
    struct Waiting {
        std::unique_ptr<Connection> connection;
        base::Steady::time_point since;
    };

    void run();
    void run_one(const Work& work) REQUIRES(mutex_);
    static std::unique_ptr<Connection> work_on(const Work& work, std::unique_ptr<Connection> connection);
    void watch();  // runs on watch_thread_
    void begin_blocking() noexcept override;
    void end_blocking() noexcept override;
    void begin_aside() noexcept override;
    void end_aside() noexcept override;

    bool has_work() const REQUIRES(mutex_) { return !queue_.empty() && awake_ <= max_awake(); }
    std::size_t max_awake() const REQUIRES(mutex_) { return threads_limit_ + uploads_ + aside_; }
    bool is_wanted() const REQUIRES(mutex_);
    bool core_is_free() const REQUIRES(mutex_) { return awake_ - blocked_ < cores_; }
    void add_thread_if_useful() REQUIRES(mutex_);  // wakes or creates a thread if it could work at once
    bool wake_one() REQUIRES(mutex_);

    const std::size_t cores_, threads_limit_, uploads_limit_, queue_limit_;
    const std::function<Work()> make_work_;

    mutable base::Mutex mutex_;
    base::Condition arrived_, left_, watch_;
    std::deque<Waiting> queue_ GUARDED_BY(mutex_);
    std::vector<std::thread> threads_ GUARDED_BY(mutex_);
    // The connections on which threads work. A multiset, because a parked connection may get a second thread before the
    // first one has left it.
    std::unordered_multiset<std::shared_ptr<Transport>> at_work_ GUARDED_BY(mutex_);
    std::size_t awake_ GUARDED_BY(mutex_) = 0;    // threads that are not idle, including those that are being woken
    std::size_t blocked_ GUARDED_BY(mutex_) = 0;  // awake threads that wait for the database or the disk
    std::size_t aside_ GUARDED_BY(mutex_) = 0;    // awake threads that wait for a slow client or for a password hash
    std::size_t idle_ GUARDED_BY(mutex_) = 0;
    std::size_t wakeups_ GUARDED_BY(mutex_) = 0;  // idle threads that are being woken
    std::size_t uploads_ GUARDED_BY(mutex_) = 0;
    bool watching_ GUARDED_BY(mutex_) = false;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread watch_thread_ GUARDED_BY(mutex_);

    std::atomic<std::size_t> lingering_{0};
};

}  // namespace bodega::web
