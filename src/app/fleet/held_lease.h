// A lease from the point of view of its holder, measured on a clock that only time moves.
//
// The catalog keeps the holder of a lease, on the database's clock. A holder that is paused, or whose calls to the
// catalog hang, does not learn that its lease has ended. So the holder measures the lease's lifetime itself, from
// before its request, on CLOCK_BOOTTIME, which no change of the node's time moves and which continues while the process
// or the machine sleeps. The holder's own end comes before the lease's, so two nodes never both act as its holder. One
// thread, except for release(), suspend() and is_mine().
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

class HeldLease {
public:
    using Clock = std::function<base::Milliseconds()>;

    // Milliseconds of CLOCK_BOOTTIME.
    static base::Milliseconds since_boot();

    // owner: an id of this run of the process. clock: only tests pass another.
    HeldLease(const Services& services, std::string name, const base::Ulid& owner, base::Milliseconds lifetime,
              Clock clock = since_boot);

    // Acquires or renews the lease. Asks the catalog only if less than half of the lifetime is left. False: another
    // node has it, or it is suspended.
    bool keep();

    // True if this node may act as the holder now. Does not ask the catalog.
    bool is_mine() const;

    // Releases the lease, so that another node can acquire it at once. Harmless if it is not held.
    void release();

    // Releases the lease; keep() returns false until allow() is called.
    void suspend();
    void allow() noexcept { suspended_ = false; }

private:
    bool acquire();

    const Services& services_;
    const std::string name_;
    const base::Ulid owner_;
    const base::Milliseconds lifetime_;
    const Clock clock_;
    std::mutex mutex_;  // held during calls to the catalog, so that no acquire() ends after suspend() has released
    static constexpr base::Milliseconds kNotHeld = -(base::Milliseconds{1} << 60);
    std::atomic<base::Milliseconds> until_ = kNotHeld;  // on clock_
    std::atomic<bool> suspended_ = false;
};

}  // namespace bodega::app
