// The exclusive right to write to an upload, held by one writer of the fleet at a time.
//
// The next writer continues with the same file only if this one has proved that none of its writes is pending
// ("settled"). Otherwise the lease is abandoned instead of released, and the next writer copies the bytes to another
// file first.
//
// It is acquired for kLease on the database's clock and renewed by acknowledgements. A writer that was stalled for
// longer may have lost it to another, and learns this with its next call to the catalog, which is then refused. What it
// still writes goes to a file that is not the upload's any more (upload_move.h). One thread.
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

    // Acquires the lease. Throws Error{locked}, {gone}; {offset_mismatch} if the upload's offset is not `offset`. For
    // an upload that has become a file meanwhile, no lease is held: see upload().entry_id.
    UploadLease(const Services& services, const base::Ulid& id, std::int64_t offset);
    // Continues with a lease that was transferred to a writer. The next call to the catalog tells whether it is still
    // held. settled: the writer has reported that no write of its own is pending.
    UploadLease(const Services& services, const store::Upload& upload, const base::Ulid& holder, bool settled);
    UploadLease(const UploadLease&) = delete;
    // Releases the lease if no write to the file can be pending (settled_). Otherwise abandons it, so that the next
    // writer gets another file. If the catalog does not answer, the lease expires by itself.
    ~UploadLease();

    const store::Upload& upload() const noexcept { return upload_; }
    store::Uploads::Held held() const noexcept { return {upload_.id, holder_}; }

    // Both throw Error{locked} or {gone} if the lease was lost. acknowledge() also reads upload() again. Requires: the
    // bytes are synced.
    void acknowledge(std::int64_t received, const base::Bytes& digest_state);
    void renew();

    // Records that `synced` bytes of upload().moves_to are on the disk. Throws as acknowledge().
    void copied(std::int64_t synced);

    // Sets the upload's length, which was deferred. Throws as acknowledge(); Error{invalid} if it was set to another
    // value.
    void declare(std::int64_t length);

    // Records that the acknowledged bytes are in upload().moves_to, which becomes the upload's file. Throws as
    // acknowledge().
    void moved();

    // Runs a change of the upload's file. If it throws and a call to the disk may still be pending, the lease is not
    // settled any more.
    template <class Change>
    void change(Change change);

    // Gives the lease up although its writer may still write to the file: the next writer gets another file.
    void abandon() noexcept;

    // transfer(): the lease stays held by its writer, which is identified by held().holder. ended(): the lease has
    // ended together with the upload.
    void transfer() noexcept { holding_ = false; }
    void ended() noexcept {
        holding_ = false;
        forget();
    }

    // For a writer that continues although the catalog did not answer: the lease stays held until it expires.
    void leave() noexcept { ended(); }

    // The error for a writer that has lost the lease.
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
    bool settled_ = true;  // proved: no write to the file is pending
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
