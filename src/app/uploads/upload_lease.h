// The right to write to an upload, held by one writer of the fleet at a time.
//
// Whoever comes next goes on with the same file only if it was proved that nothing is on its way to it any more; else
// the lease is forsaken, and the bytes are moved first.
//
// Taken for kLease on the database's clock and kept by acknowledging. A writer that was away for longer may
// have lost it to another, which it learns at its next word to the catalog: nothing that it says counts then. What it
// still writes goes to a file that is the upload's no more (upload_move.h).
// One thread.
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

    // Takes it. Throws Error{locked}, {gone}; {offset_mismatch} if the upload does not stand at `offset`. One that has
    // ended in a file meanwhile is not held: see upload().entry_id.
    UploadLease(const Services& services, const base::Ulid& id, std::int64_t offset);
    // Goes on with one that was handed over to a writer; whether it is held still is told by what is asked next.
    // settled: as the writer has proved.
    UploadLease(const Services& services, const store::Upload& upload, const base::Ulid& holder, bool settled);
    UploadLease(const UploadLease&) = delete;
    // Releases it if it is settled, and forsakes it otherwise, as far as the catalog answers.
    ~UploadLease();

    const store::Upload& upload() const noexcept { return upload_; }
    store::Uploads::Held held() const noexcept { return {upload_.id, holder_}; }

    // Both throw Error{locked} or {gone} if it was lost. acknowledge: upload() is read anew. Requires: the bytes are
    // synced.
    void acknowledge(std::int64_t received, const base::Bytes& digest_state);
    void renew();

    // Of upload().moves_to so many bytes are on the disk. Throws as acknowledge.
    void copied(std::int64_t synced);

    // Sets the upload's length, which was deferred. Throws as acknowledge; Error{invalid} if it was set to another.
    void declare(std::int64_t length);

    // The acknowledged bytes are in upload().moves_to: that is its file from now on. Throws as acknowledge.
    void moved();

    // Runs what changes the upload's file. If it throws and a call to the disk may still be pending, the lease is
    // settled no more.
    template <class Change>
    void change(Change change);

    // Lets it go though its writer may still write to the file: the next one gets another file.
    void forsake() noexcept;

    // The writer goes on with it, who is known by held().holder; or it has ended with the upload.
    void hand_over() noexcept { holding_ = false; }
    void ended() noexcept {
        holding_ = false;
        forget();
    }

    // For a writer that continues although the catalog did not answer: the lease stays held until it expires.
    void leave() noexcept { ended(); }

    // Why a writer that no longer holds it can't go on.
    static base::Error lost(db::Connection& connection, const base::Ulid& id);
    static base::Error locked();

private:
    void take();
    void forget() noexcept;
    void release() noexcept;
    void let_go(bool (store::Uploads::*how)(const store::Uploads::Held&)) noexcept;

    const Services& services_;
    const base::Ulid holder_;
    store::Upload upload_;
    bool holding_ = false;
    bool settled_ = true;  // proved: nothing is on its way to the file
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
