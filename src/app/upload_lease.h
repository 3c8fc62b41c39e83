// The right to write to an upload, held by one writer of the fleet at a time.
//
// Taken for kLease on the database's clock and kept by acknowledging. A writer that was away for longer may
// have lost it to another, which it learns at its next word to the catalog: nothing that it says counts then.
// One thread.
#pragma once

#include <chrono>

#include "app/services.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/uploads.h"

namespace bodega::app {

class UploadLease {
public:
    static constexpr std::chrono::milliseconds kLease{15'000};

    // Throws Error{locked}, {gone}; {offset_mismatch} if the upload does not stand at `offset`. One that has ended in
    // a file meanwhile is not held: see upload().entry_id.
    UploadLease(const Services& services, const base::Ulid& id, std::int64_t offset);
    UploadLease(const UploadLease&) = delete;
    ~UploadLease();  // lets it go, as far as the catalog answers

    const store::Upload& upload() const noexcept { return upload_; }
    store::Uploads::Held held() const noexcept { return {upload_.id, holder_}; }

    // Since the last word with the catalog.
    base::Steady::duration age() const noexcept { return base::Steady::now() - renewed_; }
    // When an upload that is touched now expires, on the database's clock.
    base::Milliseconds expiry() const noexcept;

    // Both throw Error{locked} or {gone} if it was lost. Requires, for acknowledge: the bytes are synced.
    void acknowledge(std::int64_t received, const base::Bytes& digest_state);
    void renew();

    // It has ended with the commit of the file, or was removed: there is nothing to let go of.
    void ended() noexcept { holding_ = false; }

    // Why a writer that no longer holds it can't go on.
    static base::Error lost(db::Connection& connection, const base::Ulid& id);

private:
    void take();
    void let_go() noexcept;

    const Services& services_;
    const base::Ulid holder_;
    store::Upload upload_;
    base::Steady::time_point renewed_;
    base::Milliseconds clock_offset_ = 0;  // the database's clock, less this node's
    bool holding_ = false;
};

}  // namespace bodega::app
