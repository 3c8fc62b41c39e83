// A lease as its holder sees it, measured on a clock that nobody can set.
//
// The catalog stores the holder of a lease and uses the database's clock. A holder that is paused, or whose calls to
// the catalog hang, does not learn that its lease has ended. So the holder also measures the lease's lifetime itself,
// beginning before it sends its request. It uses CLOCK_BOOTTIME, which does not change with the node's time and
// continues while the process or the machine sleeps. The holder stops before its lease ends, so two nodes never act as
// the holder at the same time. One thread, except for release(), suspend() and is_mine().
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "app/services.h"
#include "base/mutex.h"
#include "base/ulid.h"

namespace bodega::app {

class HeldLease {
public:
    using Clock = std::function<base::Milliseconds()>;

    // The current time on CLOCK_BOOTTIME, in milliseconds.
    static base::Milliseconds since_boot();

    // owner: an id that this process made when it started. clock: only tests pass another clock.
    HeldLease(const Services& services, std::string name, const base::Ulid& owner, base::Milliseconds lifetime,
              Clock clock = since_boot);

    // Acquires or renews the lease. Calls the catalog only if less than half of the lifetime is left. Returns false if
    // another node has the lease or if this object is suspended.
    bool keep();

    // True if this node may act as the holder now. Does not call the catalog.
    bool is_mine() const;

    // Releases the lease, so that another node can acquire it at once. Does nothing if this node does not hold the
    // lease.
    void release();

    // Releases the lease. keep() then returns false until allow() is called.
    void suspend();
    void allow() noexcept { suspended_ = false; }

private:
    bool acquire() REQUIRES(mutex_);

    const Services& services_;
    const std::string name_;
    const base::Ulid owner_;
    const base::Milliseconds lifetime_;
    const Clock clock_;
    // Held during calls to the catalog, so that a concurrent keep() can't acquire the lease after suspend() has
    // released it.
    base::Mutex mutex_;
    static constexpr base::Milliseconds kNotHeld = -(base::Milliseconds{1} << 60);
    std::atomic<base::Milliseconds> until_ = kNotHeld;  // the time on clock_ at which the holder stops
    std::atomic<bool> suspended_ = false;
};

}  // namespace bodega::app
