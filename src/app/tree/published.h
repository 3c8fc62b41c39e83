// A blob that is published but has no row yet.
#pragma once

#include "app/fleet/held_lease.h"
#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

class Published {
public:
    // Publishes a file that blobs::Store::create_blob() created. clock: CLOCK_BOOTTIME; only tests pass another one.
    Published(const blobs::Store& blobs, const base::Ulid& id, std::int64_t size,
              const HeldLease::Clock& clock = HeldLease::since_boot);

    // Called in the transaction that commits the file, after the blob's row was inserted. Throws Error{unavailable} if
    // the file is gone. Does not check within kTrusted (milliseconds) after the file's creation, since the garbage
    // collector removes a file without a row only after a longer time (GarbageCollector::kLeastGrace).
    void require_there() const;
    static constexpr base::Milliseconds kTrusted = 120'000;

private:
    const blobs::Store& blobs_;
    const base::Ulid id_;
    const std::int64_t size_;
    const HeldLease::Clock& clock_;
    const base::Milliseconds since_;  // the time on clock_ of the file's creation
};

}  // namespace bodega::app
