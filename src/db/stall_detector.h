// Detects a database server that has stopped responding: the network drops all packets, or the machine is gone or
// frozen. Also detects a server that answers but completes no write, because its disk is full.
//
// A connection's own time limit must allow slow statements. So when a statement has waited for long, the detector sends
// the server a trivial query, then commits a small change. If the server does not respond, all waiting callers get an
// error.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/mutex.h"
#include "db/source.h"

namespace bodega::db {

// Has its own thread, which calls the functions Oldest and Cut.
class StallDetector {
public:
    // Returns the start of the oldest statement that waits, if any.
    using Oldest = std::function<std::optional<base::Steady::time_point>()>;
    using Cut = std::function<void()>;  // breaks all connections of the pool

    StallDetector(Source source, Oldest oldest, Cut cut);
    ~StallDetector();  // waits a second or two if a probe is running
    StallDetector(const StallDetector&) = delete;
    StallDetector& operator=(const StallDetector&) = delete;

    // Returns true while the server completes no writes. Any thread may call it.
    bool is_stalled() const noexcept { return stalled_; }

private:
    using Moment = base::Steady::time_point;

    void run();
    void check();
    bool answers();
    bool takes_writes();
    void end_session(const std::string& session);
    void set_stalled(bool stalled);

    const Source source_;
    const Oldest oldest_;
    const Cut cut_;
    std::unique_ptr<Connection> connection_;  // used only by thread_, like tried_at_
    Moment tried_at_{};                       // time of the last trial write
    std::atomic<bool> stalled_ = false;
    base::Mutex mutex_;
    base::Condition ended_;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_;
};

}  // namespace bodega::db
