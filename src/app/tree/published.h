// A file that was published and waits for its row.
#pragma once

#include "app/fleet/held_lease.h"
#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

class Published {
public:
    // Publishes it. clock: CLOCK_BOOTTIME; tests alone give another.
    Published(const blobs::Store& blobs, const base::Ulid& id, std::int64_t size,
              const HeldLease::Clock& clock = HeldLease::since_boot);

    // For the transaction that commits it, after the blob's row was inserted: throws Error{unavailable} if the file is
    // gone. Within kTrusted it is not looked at: what removes files without a row waits longer (Sweeper::kLeastGrace).
    void require_there() const;
    static constexpr base::Milliseconds kTrusted = 120'000;

private:
    const blobs::Store& blobs_;
    const base::Ulid id_;
    const std::int64_t size_;
    const HeldLease::Clock& clock_;
    const base::Milliseconds since_;  // on clock_, before it was published
};

}  // namespace bodega::app
