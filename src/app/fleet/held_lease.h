// A lease as its holder may believe in it: by a clock that nothing but time moves.
//
// The catalog says who has a lease, on the database's clock. A holder that is paused, or whose calls to the catalog
// hang, can't hear that its lease has ended; so it counts the lease's lifetime by itself, from before it asked, on a
// clock that no setting of the node's time moves and that goes on while the process or the machine sleeps. What it
// believes ends before the lease does, and two nodes never believe at once that they have the same one. One thread, but
// for let_go() and is_mine().
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

    // CLOCK_BOOTTIME.
    static base::Milliseconds since_boot();

    // owner: of this run of the process. clock: tests alone give another.
    HeldLease(const Services& services, std::string name, const base::Ulid& owner, base::Milliseconds lifetime,
              Clock clock = since_boot);

    // Takes it, or keeps it for a whole lifetime more: asks the catalog when a third of the lifetime has passed. False:
    // another has it, or it is barred.
    bool keep();

    // Whether this node may act as the holder now. Asks nobody.
    bool is_mine() const;

    // Gives it back, for another to have it at once; harmless if it is not held.
    void let_go();

    // let_go(), and keep() is false from now on, or until it is allowed again.
    void bar();
    void allow() noexcept { barred_ = false; }

private:
    bool ask();

    const Services& services_;
    const std::string name_;
    const base::Ulid owner_;
    const base::Milliseconds lifetime_;
    const Clock clock_;
    std::mutex mutex_;  // held while the catalog is asked, so that bar() has the last word
    static constexpr base::Milliseconds kNotHeld = -(base::Milliseconds{1} << 60);
    std::atomic<base::Milliseconds> until_ = kNotHeld;  // on clock_
    std::atomic<bool> barred_ = false;
};

}  // namespace bodega::app
