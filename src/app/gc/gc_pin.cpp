#include "app/gc/gc_pin.h"

#include "base/error.h"
#include "base/log.h"
#include "store/fleet/leases.h"

namespace bodega::app {
namespace {

using base::Code;

constexpr base::Milliseconds kLifetime = 180'000;

}  // namespace

GcPin::GcPin(db::Pool& catalog, std::chrono::seconds renew_every)
    : catalog_(catalog), renew_every_(renew_every), renewed_(base::Steady::now()) {
    const auto fence = catalog_.transact([&](db::Connection& connection) {
        return store::Leases(connection).acquire(store::kBackupLease, owner_, kLifetime);
    });
    if (!fence) {
        throw base::Error(Code::conflict,
                          "another backup of this catalog is under way (one that was killed counts as such for up to " +
                              std::to_string(kLifetime / 60'000) + " minutes)");
    }
    fence_ = *fence;
}

GcPin::~GcPin() {
    try {
        catalog_.transact([&](db::Connection& connection) {
            store::Leases(connection).release(store::kBackupLease, owner_, fence_);
        });
    } catch (const base::Error& error) {
        base::log::info("backup", "could not release the lease; it ends by itself", {{"error", error.what()}});
    }
}

void GcPin::keep() {
    const base::MutexLock lock(mutex_);
    if (base::Steady::now() - renewed_ < renew_every_) return;
    bool held = true;
    try {
        held = catalog_.transact([&](db::Connection& connection) {
            return store::Leases(connection).renew(store::kBackupLease, owner_, fence_, kLifetime);
        });
        renewed_ = base::Steady::now();
    } catch (const base::Error& error) {
        // Only logs the error: the next call of keep() tries again, and the lease lasts longer than a short outage.
        base::log::warn("backup", "could not renew the lease", {{"error", error.what()}});
    }
    if (held) return;
    throw base::Error(Code::unavailable,
                      "the backup's lease was lost, so files may have been removed: run the backup again; it continues "
                      "with what it has copied");
}

}  // namespace bodega::app
