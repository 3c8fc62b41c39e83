// Prevents the fleet's garbage collectors from removing blobs while this object exists, since a backup reads blobs for
// hours after its snapshot. Only one backup of a catalog can have a pin at a time. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

#include "app/services.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/ulid.h"

namespace bodega::app {

class GcPin {
public:
    // Throws Error{conflict} if another backup has the pin. renew_every: only tests pass it.
    explicit GcPin(db::Pool& catalog, std::chrono::seconds renew_every = std::chrono::seconds(20));
    ~GcPin();
    GcPin(const GcPin&) = delete;
    GcPin& operator=(const GcPin&) = delete;

    // Renews the lease when due; call it often. Throws Error{unavailable} if the lease was lost, for example because
    // the process was suspended.
    void keep();

private:
    db::Pool& catalog_;
    const std::chrono::seconds renew_every_;
    const base::Ulid owner_ = base::Ulid::make();
    std::int64_t fence_ = 0;

    base::Mutex mutex_;
    base::Steady::time_point renewed_ GUARDED_BY(mutex_);
};

}  // namespace bodega::app
