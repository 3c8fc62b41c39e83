#include "app/uploads/upload_lease.h"

#include "app/tree/refusal.h"
#include "app/uploads/offset_mismatch.h"
#include "app/uploads/writers.h"

namespace bodega::app {
namespace {

using base::Code;

constexpr int kLeaseSeconds = static_cast<int>(UploadLease::kLease.count() / 1000);

// The check after a lost COMMIT. Returns false, so that the transaction runs again. That is safe, since it writes the
// same values each time.
bool run_again(db::Connection&) { return false; }

}  // namespace

UploadLease::UploadLease(const Services& services, const base::Ulid& id, std::int64_t offset)
    : services_(services), holder_(base::Ulid::make()) {
    upload_.id = id;
    take();
    if (!holding_ && !upload_.entry_id) throw locked();
    if (upload_.received == offset) return;
    release();
    throw OffsetMismatch(upload_.received);
}

UploadLease::UploadLease(const Services& services, const store::Upload& upload, const base::Ulid& holder, bool settled)
    : services_(services), holder_(holder), upload_(upload), holding_(true), settled_(settled) {}

UploadLease::~UploadLease() {
    if (settled_) release();
    else abandon();
}

void UploadLease::take() {
    // Records the upload before the lease is acquired. If the process dies in between, a record without a lease
    // remains. It does no harm, since release() ignores it.
    if (services_.writers) services_.writers->held.add({upload_.id, holder_});
    auto happened = [&](db::Connection& connection) {
        auto there = store::Uploads(connection).find(upload_.id);
        return there && there->holder == holder_;
    };
    upload_ = services_.catalog.transact(
        [&](db::Connection& connection) {
            store::Uploads uploads(connection);
            uploads.take(upload_.id, holder_, kLease.count());
            auto there = uploads.find(upload_.id);
            if (!there) throw lost(connection, upload_.id);
            return *there;
        },
        happened);
    holding_ = upload_.holder == holder_;
    if (!holding_) forget();
}

void UploadLease::forget() noexcept {
    if (services_.writers) services_.writers->held.remove(holder_);
}

void UploadLease::release() noexcept { release_by(&store::Uploads::release); }

void UploadLease::abandon() noexcept { release_by(&store::Uploads::abandon); }

void UploadLease::release_by(bool (store::Uploads::*how)(const store::Uploads::Held&)) noexcept {
    if (!std::exchange(holding_, false)) return;
    discard("lease", [this, how] {
        services_.catalog.attempt([&](db::Connection& connection) {
            store::Uploads uploads(connection);
            (uploads.*how)(held());
        });
    });
    forget();
}

void UploadLease::acknowledge(std::int64_t received, const base::Bytes& digest_state) {
    base::Milliseconds lifetime = services_.config.files.upload_expiry.count();
    auto work = [&](db::Connection& connection) {
        store::Uploads uploads(connection);
        if (!uploads.acknowledge(held(), received, digest_state, kLease.count(), lifetime))
            throw lost(connection, upload_.id);
        return uploads.find(upload_.id).value();
    };
    upload_ = services_.catalog.transact(work, run_again);
}

void UploadLease::renew() {
    auto work = [&](db::Connection& connection) {
        if (!store::Uploads(connection).renew(held(), kLease.count())) throw lost(connection, upload_.id);
    };
    services_.catalog.transact(work, run_again);
}

void UploadLease::copied(std::int64_t synced) {
    auto work = [&](db::Connection& connection) {
        if (!store::Uploads(connection).copied(held(), synced)) throw lost(connection, upload_.id);
    };
    services_.catalog.transact(work, run_again);
}

void UploadLease::declare(std::int64_t length) {
    auto work = [&](db::Connection& connection) {
        store::Uploads uploads(connection);
        uploads.declare(held(), length);
        auto there = uploads.find(upload_.id);
        if (!there || there->holder != holder_) throw lost(connection, upload_.id);
        return *there;
    };
    upload_ = services_.catalog.transact(work, run_again);
    if (upload_.length != length)
        throw base::Error(Code::invalid, "The upload's length was set to another value before.");
}

void UploadLease::moved() {
    auto work = [&](db::Connection& connection) {
        store::Uploads uploads(connection);
        if (!uploads.moved(held())) throw lost(connection, upload_.id);
        return uploads.find(upload_.id).value();
    };
    auto happened = [&](db::Connection& connection) {
        auto there = store::Uploads(connection).find(upload_.id);
        return there && there->holder == holder_ && there->file_id == upload_.moves_to;
    };
    upload_ = services_.catalog.transact(work, happened);
}

base::Error UploadLease::locked() {
    return {Code::locked, "Another request writes to this upload just now. Try again in a moment.", kLeaseSeconds};
}

base::Error UploadLease::lost(db::Connection& connection, const base::Ulid& id) {
    if (store::Uploads(connection).find(id)) return locked();
    return {Code::gone, "That upload was ended meanwhile. Start it again."};
}

}  // namespace bodega::app
