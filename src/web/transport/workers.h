// A bounded set of threads and the bounded queue of connections that wait for one.
//
// As many threads are awake as there are cores: they take one request after the other and are not woken for each.
// One that waits for something outside (base::Blocking) does not count, and whatever has waited for a moment gets
// a further thread. Threads are made when they are needed and stay. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "config/config.h"
#include "web/transport/connection.h"

namespace bodega::web {

class Workers final : private base::Blocking::Watcher {
public:
    // Works on one connection until it is parked; what has to be closed is given back.
    using Work = std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>)>;

    struct Limits {
        int threads;  // that work at once on what is no upload
        int uploads;  // beside them
        int queue;    // connections that wait for a thread
    };

    // make_work: called once on each new thread, for what a thread keeps for itself.
    Workers(Limits limits, std::function<Work()> make_work);
    ~Workers();  // stops

    // For the metrics.
    struct Stats {
        std::size_t working, waiting, idle;  // threads; waiting: for something outside
        std::size_t uploads;
        std::size_t queued;  // connections
    };
    Stats stats() const;
    std::size_t threads_limit() const noexcept { return threads_limit_; }

    // False if the queue is full: the connection is closed.
    bool submit(std::unique_ptr<Connection> connection);

    // A body that comes at its client's pace holds its thread for as long, so while one of these lives another thread
    // may work in its stead. Throws Error{unavailable} at the limit.
    class Upload {
    public:
        explicit Upload(Workers& workers);
        ~Upload();
        Upload(const Upload&) = delete;

    private:
        Workers& workers_;
    };

    // A thread may wait a moment for its connection's next request while enough others stay free for new ones.
    bool begin_linger() noexcept;
    void end_linger() noexcept;

    // Takes no more; waits at most `limit` for connections at work, then cuts them off, and joins.
    void stop(config::Duration limit);

private:
    struct Waiting {
        std::unique_ptr<Connection> connection;
        base::Steady::time_point since;
    };

    void run();
    void run_one(const Work& work, std::unique_lock<std::mutex>& lock);
    static std::unique_ptr<Connection> work_on(const Work& work, std::unique_ptr<Connection> connection);
    void watch();  // the watch's thread
    void begin_blocking() noexcept override;
    void end_blocking() noexcept override;
    void begin_aside() noexcept override;
    void end_aside() noexcept override;

    // All of these require mutex_.
    bool has_work() const { return !queue_.empty() && awake_ <= most_awake(); }
    std::size_t most_awake() const { return threads_limit_ + uploads_ + aside_; }
    bool is_wanted() const;
    bool core_is_free() const { return awake_ - blocked_ < cores_; }
    void call_for_help();  // wakes or makes a thread if one is of use
    bool wake_one();

    const std::size_t cores_, threads_limit_, uploads_limit_, queue_limit_;
    const std::function<Work()> make_work_;

    mutable std::mutex mutex_;  // protects all below
    std::condition_variable arrived_, left_, watch_;
    std::deque<Waiting> queue_;
    std::vector<std::thread> threads_;
    std::unordered_multiset<std::shared_ptr<Wire>> at_work_;  // a parked one can come back before its thread is done
    std::size_t awake_ = 0;                                   // threads that are not idle, those just woken included
    std::size_t blocked_ = 0;                                 // of these, who wait for something outside
    std::size_t aside_ = 0;                                   // of these, whose wait may be long
    std::size_t idle_ = 0;
    std::size_t calls_ = 0;  // idle threads that have to wake up
    std::size_t uploads_ = 0;
    bool watching_ = false;
    bool stopping_ = false;
    std::thread watch_thread_;

    std::atomic<std::size_t> lingering_{0};
};

}  // namespace bodega::web
