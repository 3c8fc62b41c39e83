// Watches for a server that has fallen silent: a network that swallows all, a machine that is gone or stands still; or
// one that answers and completes no write, since its disk is full and it waits for room.
//
// A connection's own limit has to leave room for slow statements. So when one has waited for long, the server is
// asked something that it answers at once, then to commit a small change; if it does not, all who wait for it are told.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "db/source.h"

namespace bodega::db {

// A thread of its own while it lives; it calls both functions.
class Lookout {
public:
    using Oldest = std::function<std::optional<base::Steady::time_point>()>;  // since when somebody waits, if any
    using Cut = std::function<void()>;                                        // ends all waits

    Lookout(Source source, Oldest oldest, Cut cut);
    ~Lookout();  // waits for a question under way: a second or two
    Lookout(const Lookout&) = delete;
    Lookout& operator=(const Lookout&) = delete;

    // Whether writes would only begin to wait. Any thread.
    bool is_stalled() const noexcept { return stalled_; }

private:
    using Moment = base::Steady::time_point;

    void run();
    void look();
    bool answers();
    bool takes_writes();
    void end_session(const std::string& session);
    void set_stalled(bool stalled);

    const Source source_;
    const Oldest oldest_;
    const Cut cut_;
    std::unique_ptr<Connection> connection_;  // of the thread alone, as the next one
    Moment tried_at_{};                       // to write
    std::atomic<bool> stalled_ = false;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false;  // protected by mutex_
    std::thread thread_;
};

}  // namespace bodega::db
