// The lease of an upload: the right to write to it. One writer of the fleet holds it at a time.
//
// A lease is released only if its writer has proved that none of its writes is pending ("settled"). The next writer
// then continues with the same file. Without the proof the lease is abandoned, and the next writer first copies the
// bytes to another file (upload_move.h).
//
// A lease lasts for kLease on the database's clock. Each acknowledgement renews it. If a writer stalls for longer,
// another writer may acquire the lease. The stalled writer's next call to the catalog then throws. Its late writes go
// to a file that the upload no longer uses. One thread.
#pragma once

#include <chrono>
#include <utility>

#include "app/services.h"
#include "base/error.h"
#include "blobs/file_error.h"
#include "store/uploads/uploads.h"

namespace bodega::app {

class UploadLease {
public:
    static constexpr std::chrono::milliseconds kLease{15'000};

    // Acquires the lease. Throws Error{locked}, {gone}; {offset_mismatch} if the upload's offset is not `offset`. If
    // the upload has become a file meanwhile, upload().entry_id is set and no lease is acquired.
    UploadLease(const Services& services, const base::Ulid& id, std::int64_t offset);
    // Continues a lease that its writer has kept since transfer(). Does not ask the catalog whether the writer still
    // holds the lease: the next call to the catalog throws if not. settled: the writer has reported that none of its
    // writes is pending.
    UploadLease(const Services& services, const store::Upload& upload, const base::Ulid& holder, bool settled);
    UploadLease(const UploadLease&) = delete;
    // Releases the lease if settled_ is true, otherwise abandons it. If the catalog does not respond, the lease lasts
    // until it expires.
    ~UploadLease();

    const store::Upload& upload() const noexcept { return upload_; }
    store::Uploads::Held held() const noexcept { return {upload_.id, holder_}; }

    // acknowledge() records that `received` bytes are on the disk, renews the lease and reads upload() again. renew()
    // only renews the lease. Both throw Error{locked} or {gone} if the lease was lost. Requires: the bytes are synced.
    void acknowledge(std::int64_t received, const base::Bytes& digest_state);
    void renew();

    // Records that the file upload().moves_to has `synced` bytes on the disk. Throws what acknowledge() throws.
    void copied(std::int64_t synced);

    // Sets the length of an upload that was created without a length. Throws what acknowledge() throws, and
    // Error{invalid} if the upload already has another length.
    void declare(std::int64_t length);

    // Makes upload().moves_to the upload's file. Requires: the file has all acknowledged bytes. Throws what
    // acknowledge() throws.
    void moved();

    // Runs `change`, which changes the upload's file. If it throws and its call to the disk may still be pending, the
    // lease is no longer settled.
    template <class Change>
    void change(Change change);

    // Ends the lease without the proof that no write is pending. So the next writer copies the bytes to another file.
    void abandon() noexcept;

    // After transfer() or ended() the destructor does not release the lease. transfer(): the writer with the id
    // held().holder continues to hold the lease. ended(): the lease has ended together with the upload.
    void transfer() noexcept { holding_ = false; }
    void ended() noexcept {
        holding_ = false;
        forget();
    }

    // Called if the catalog did not respond and the writer continues. The destructor then does not release the lease.
    // The writer keeps the lease, which expires if no later call renews it.
    void leave() noexcept { ended(); }

    // The error for a writer that has lost the lease: {gone} if the upload no longer exists, otherwise {locked}.
    static base::Error lost(db::Connection& connection, const base::Ulid& id);
    static base::Error locked();

private:
    void take();
    void forget() noexcept;
    void release() noexcept;
    void release_by(bool (store::Uploads::*how)(const store::Uploads::Held&)) noexcept;

    const Services& services_;
    const base::Ulid holder_;
    store::Upload upload_;
    bool holding_ = false;
    bool settled_ = true;  // true: it is proved that no write to the file is pending
};

template <class Change>
void UploadLease::change(Change change) {
    const bool settled = std::exchange(settled_, false);
    try {
        change();
    } catch (const base::Error& error) {
        settled_ = settled && blobs::has_returned(error);
        throw;
    }
    settled_ = settled;
}

}  // namespace bodega::app
