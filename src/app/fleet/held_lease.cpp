#include "app/fleet/held_lease.h"

#include <ctime>
#include <utility>

#include "store/fleet/leases.h"

namespace bodega::app {
namespace {

// The holder stops a tenth (1 / kMargin) of the lifetime before the lease ends. The clocks of two machines drift apart
// by less than that in a lease's lifetime.
constexpr base::Milliseconds kMargin = 10;

}  // namespace

base::Milliseconds HeldLease::since_boot() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<base::Milliseconds>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

HeldLease::HeldLease(const Services& services, std::string name, const base::Ulid& owner, base::Milliseconds lifetime,
                     Clock clock)
    : services_(services), name_(std::move(name)), owner_(owner), lifetime_(lifetime), clock_(std::move(clock)) {}

bool HeldLease::is_mine() const { return !suspended_ && clock_() < until_; }

bool HeldLease::keep() {
    const base::MutexLock lock(mutex_);
    if (suspended_) return false;
    if (until_ - clock_() > lifetime_ / 2) return true;
    return acquire();
}

bool HeldLease::acquire() {
    const base::Milliseconds before = clock_();
    until_ = kNotHeld;
    const bool held = services_.catalog.transact([&](db::Connection& connection) {
        return store::Leases(connection).acquire(name_, owner_, lifetime_).has_value();
    });
    if (held) until_ = before + lifetime_ - lifetime_ / kMargin;
    return held && is_mine();
}

void HeldLease::release() {
    const base::MutexLock lock(mutex_);
    until_ = kNotHeld;
    services_.catalog.transact([&](db::Connection& connection) {
        store::Leases leases(connection);
        if (auto fence = leases.acquire(name_, owner_, lifetime_)) leases.release(name_, owner_, *fence);
    });
}

void HeldLease::suspend() {
    suspended_ = true;
    release();
}

}  // namespace bodega::app
