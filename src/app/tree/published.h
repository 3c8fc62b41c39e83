// A blob that is published but has no row yet.
#pragma once

#include "app/fleet/held_lease.h"
#include "app/services.h"
#include "base/ulid.h"
#include "base/upload_session.h"

namespace bodega::app {

class Published {
public:
    // Publishes the file of an order, which has `size` bytes. began: the time on `clock` before the file was created.
    Published(const blobs::Store& blobs, const base::BodyOrder& order, std::int64_t size, base::Milliseconds began,
              const HeldLease::Clock& clock);

    // Called in the transaction that commits the file, after the blob's row was inserted. Throws Error{unavailable} if
    // the file is gone. Does not check within kTrusted (milliseconds) after the file's last change, since the garbage
    // collector removes a file without a row only after a longer time (GarbageCollector::kLeastGrace).
    void require_there() const;
    static constexpr base::Milliseconds kTrusted = 120'000;

private:
    const blobs::Store& blobs_;
    const base::Ulid id_;
    const std::int64_t size_;
    const HeldLease::Clock& clock_;
    const base::Milliseconds since_;  // a time on clock_ before the file's last change
};

}  // namespace bodega::app
