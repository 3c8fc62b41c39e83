// A bounded set of threads and the bounded queue of connections that wait for one.
//
// Threads are made when they are needed and stay. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "config/config.h"
#include "web/connection.h"

namespace bodega::web {

class Workers {
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

    // Takes no more; waits at most `limit` for connections at work, then shuts their sockets down, and joins.
    void stop(config::Duration limit);

private:
    void run();
    bool may_work() const;  // requires: mutex_
    bool add_thread();      // if one more is wanted and allowed; requires: mutex_
    static std::unique_ptr<Connection> run_one(const Work& work, std::unique_ptr<Connection> connection);

    const std::size_t threads_limit_, uploads_limit_, queue_limit_;
    const std::function<Work()> make_work_;

    std::mutex mutex_;
    std::condition_variable arrived_, left_;
    std::deque<std::unique_ptr<Connection>> queue_;  // all of these are protected by mutex_
    std::vector<std::thread> threads_;
    std::unordered_multiset<int> at_work_;  // a parked one can come back before its last thread is done with it
    std::size_t idle_ = 0;
    std::size_t uploads_ = 0;
    bool stopping_ = false;

    std::atomic<std::size_t> lingering_{0};
};

}  // namespace bodega::web
