#include "app/uploads/upload_part.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "app/tree/body_writer.h"
#include "app/tree/incoming_file.h"
#include "app/tree/preflight.h"
#include "app/uploads/offset_mismatch.h"
#include "app/uploads/upload_finish.h"
#include "app/uploads/upload_lease.h"
#include "app/uploads/upload_move.h"
#include "app/uploads/uploads.h"
#include "app/uploads/writers.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "base/error.h"
#include "blobs/body_file.h"
#include "store/tree/space_quota.h"

namespace bodega::app {
namespace {

using base::Code;
using Stage = base::BodyReport::Stage;

// Milliseconds. The interval at which the bytes of a slow client are acknowledged. An acknowledgement also renews the
// lease.
constexpr base::Milliseconds kAcknowledgeEvery = 5'000;

base::Error no_right() { return {Code::forbidden, "You may not change that space (any more)."}; }

Progress progress_of(const store::Upload& upload) {
    return {upload.received, upload.length, upload.expires_at, upload.entry_id};
}

base::Error too_many() { return {Code::too_large, "These are more bytes than the upload was announced with."}; }

// The maximum size of a file whose length is not known yet: files.max_file, or the space's free quota if that is less.
Preflight quota_of(const Services& services, const store::Upload& upload) {
    Preflight out{upload.name, services.config.files.max_file, false};
    auto quota = services.catalog.read(
        [&](db::Connection& connection) { return store::space_quota_left(connection, upload.space_id, upload.id); });
    if (!quota || *quota >= out.max) return out;
    return {upload.name, *quota, true};
}

void check_deferred(const Services& services, const store::Upload& upload, const Part& part) {
    const Preflight quota = quota_of(services, upload);
    quota.admit(part.whole.value_or(part.offset));
    if (part.whole && *part.whole < part.offset + part.length.value_or(0)) throw too_many();
    if (part.length.value_or(0) > quota.max - part.offset) quota.admit(quota.max + 1);
}

void check_part(const Services& services, const store::Upload& upload, const Part& part) {
    if (part.offset != upload.received) throw OffsetMismatch(upload.received);
    if (upload.is_deferred()) return check_deferred(services, upload, part);
    if (part.whole && *part.whole != upload.length)
        throw base::Error(Code::invalid, "The upload's length was set to another value before.");
    if (part.length && *part.length > upload.length - part.offset) throw too_many();
}

// Throws the error for a body that is longer than its order allows.
[[noreturn]] void refuse_excess(const Services& services, const base::Ulid& id) {
    auto upload =
        services.catalog.read([&](db::Connection& connection) { return store::Uploads(connection).find(id); });
    if (upload && upload->is_deferred()) {
        const Preflight quota = quota_of(services, *upload);
        quota.admit(quota.max + 1);
    }
    throw too_many();
}

base::BodyOrder order_of(const Services& services, const UploadLease& lease, const Part& part) {
    const store::Upload& upload = lease.upload();
    base::BodyOrder out;
    out.file = upload.file_id;
    out.ticket = lease.held().holder;
    out.offset = upload.received;
    out.max = upload.is_deferred() ? quota_of(services, upload).max : upload.length;
    out.digest = upload.digest_state;
    if (part.checksum) out.checksum = part.checksum->algorithm;
    else out.checkpoint = services.config.files.checkpoint;
    out.acknowledge = kAcknowledgeEvery;
    out.lease = UploadLease::kLease.count();
    return out;
}

// Runs `call`, an acknowledgement or a renewal, for a writer that continues. The writer keeps the lease, even if the
// catalog does not respond (Error{unavailable}).
template <class Call>
void keep(UploadLease& lease, Call call) {
    try {
        call();
    } catch (const base::Error& error) {
        if (error.code() == base::Code::unavailable) lease.leave();
        throw;
    }
    lease.transfer();
}

// Asks the holder of an upload to release it: directly if the holder is in this process, otherwise by a mark in the
// upload's row, which the holder's node reads. Idempotent.
void ask_to_release(const Services& services, const store::Upload& upload) {
    const bool is_here = upload.holder && services.writers->recalls.recall(*upload.holder);
    if (is_here || upload.is_wanted) return;
    services.catalog.transact([&](db::Connection& connection) { store::Uploads(connection).want(upload.id); });
}

// Acquires the upload's lease. If another writer holds the lease, asks it to release the upload and returns nullptr.
std::unique_ptr<UploadLease> take_or_ask(const Services& services, const store::Upload& seen, const Part& part) {
    const bool can_ask = services.writers != nullptr;
    try {
        // Does not try to acquire a lease that another writer holds. So a waiting client's try costs only one read.
        if (!can_ask || !seen.is_held) return std::make_unique<UploadLease>(services, part.upload_id, part.offset);
    } catch (const base::Error& error) {
        if (error.code() != Code::locked || !can_ask) throw;
    }
    ask_to_release(services, seen);
    return nullptr;
}

base::Error being_moved() {
    return {Code::locked, "The upload is being moved away from a server that was lost. Continue in a moment.", 5};
}

void begin_move(const Services& services, std::unique_ptr<UploadLease> lease) {
    if (const auto failure = services.writers->moves.take_failure(lease->upload().id)) throw base::Error(*failure);
    // If begin() returns false, the client's next try begins the copy.
    services.writers->moves.begin(services, std::move(lease));
}

// Finishes an upload whose bytes are all on the disk, with the on_conflict that it was created with. An earlier try
// failed, but the cause may be gone by now.
Progress finish_as_created(const Services& services, const Actor& actor, const store::Upload& upload) {
    const base::Ulid entry_id = finish_whole(services, actor, upload.id, upload.on_conflict);
    return {upload.length, upload.length, 0, entry_id};
}

// The most threads that wait at the same time for uploads of other holders. The app's other threads stay free for other
// calls.
constexpr int kMaxWaiting = 16;

class Waiting {
public:
    Waiting() : is_allowed_(count_.fetch_add(1) < kMaxWaiting) {}
    ~Waiting() { --count_; }
    Waiting(const Waiting&) = delete;
    bool is_allowed() const noexcept { return is_allowed_; }

private:
    static inline std::atomic<int> count_{0};
    const bool is_allowed_;
};

}  // namespace

Begun begin_part(const Services& services, const Actor& actor, const Part& part) {
    store::Upload seen = find_upload(services, actor, part.upload_id);
    const bool at_the_end = seen.whole && part.offset == seen.length && part.length == 0;
    if (!at_the_end) check_part(services, seen, part);
    if (seen.entry_id) return progress_of(seen);
    if (seen.whole) return finish_as_created(services, actor, seen);
    if (!seen.may_write) throw no_right();
    if (services.free_space) services.free_space->require(part.length.value_or(1));
    std::unique_ptr<UploadLease> lease = take_or_ask(services, seen, part);
    if (!lease) return Later{UploadLease::locked()};
    if (lease->upload().entry_id) return progress_of(lease->upload());
    if (part.whole) lease->declare(*part.whole);
    if (lease->upload().moves_to && services.writers) {
        begin_move(services, std::move(lease));
        return Later{being_moved()};
    }
    move_away(services, *lease);
    auto session = std::make_shared<PartSession>(services, actor, part, order_of(services, *lease, part));
    lease->transfer();
    return session;
}

Begun await_part(const Services& services, const Actor& actor, const Part& part) {
    Begun begun = begin_part(services, actor, part);
    if (!std::holds_alternative<Later>(begun)) return begun;
    const Waiting waiting;
    const base::Steady::time_point ends = base::Steady::now() + kMaxWait;
    for (;;) {
        {
            const base::Blocking waits;
            std::this_thread::sleep_for(base::body_wait(kMaxWait - (ends - base::Steady::now())));
        }
        begun = begin_part(services, actor, part);
        const Later* later = std::get_if<Later>(&begun);
        if (!later) return begun;
        if (!waiting.is_allowed() || base::Steady::now() >= ends) throw base::Error(later->why);
    }
}

PartSession::PartSession(const Services& services, Actor actor, Part part, base::BodyOrder order)
    : UploadSession(std::move(order)), services_(services), actor_(std::move(actor)), part_(std::move(part)) {}

std::unique_ptr<base::BodySink> PartSession::open() const {
    return std::make_unique<blobs::BodyFile>(services_.blobs, order());
}

std::unique_ptr<base::BodyRecalls::Seat> PartSession::register_writer(std::function<void()> stop) {
    if (!services_.writers) return nullptr;
    return std::make_unique<base::BodyRecalls::Seat>(services_.writers->recalls, order().ticket, std::move(stop));
}

// Returns the writer's lease. Does not ask the catalog whether the writer still holds it.
UploadLease PartSession::held_lease(const base::BodyReport& report) const {
    store::Upload upload;
    upload.id = part_.upload_id;
    return {services_, upload, order().ticket, report.settled};
}

void PartSession::progress(const base::BodyReport& report) {
    UploadLease lease = held_lease(report);
    keep(lease, [&] {
        if (report.stage == Stage::alive) lease.renew();
        else lease.acknowledge(report.size, report.digest);
    });
}

void PartSession::abort(const base::BodyReport& report) {
    UploadLease lease = held_lease(report);
    if (report.stage == Stage::failed) throw base::Error(report.error.value());
    acknowledge_rest(lease, report);
    if (report.stage == Stage::excess) refuse_excess(services_, part_.upload_id);
}

void PartSession::acknowledge_rest(UploadLease& lease, const base::BodyReport& report) const {
    if (!part_.checksum && report.size > part_.offset) lease.acknowledge(report.size, report.digest);
}

Progress PartSession::finish(const base::BodyReport& report) {
    store::Upload upload = find_upload(services_, actor_, part_.upload_id);
    if (upload.entry_id) return progress_of(upload);  // the answer to an earlier report was lost
    const bool is_ours = upload.holder == order().ticket;
    // An earlier report left all bytes on the disk, but its answer was lost.
    if (!is_ours && upload.whole && report.size == upload.length) return finish_as_created(services_, actor_, upload);
    if (!is_ours) {
        // An earlier report acknowledged the part, but its answer was lost.
        if (!upload.holder && upload.received == report.size) return progress_of(upload);
        throw UploadLease::locked();
    }
    UploadLease lease(services_, upload, order().ticket, report.settled);
    verify(lease, report);
    if (report.size == upload.length) {
        const store::Sha256 sha256 = blobs::digest_of(report).value();
        const base::Ulid entry_id = finish_held(services_, actor_, lease, sha256, upload.on_conflict);
        return {upload.length, upload.length, 0, entry_id};
    }
    if (report.size > upload.received) lease.acknowledge(report.size, report.digest);
    return progress_of(lease.upload());
}

void PartSession::verify(UploadLease& lease, const base::BodyReport& report) const {
    if (!part_.checksum || part_.checksum->expected == report.checksum) return;
    // Removes the part's bytes from the file, which keeps the acknowledged bytes.
    lease.change([&] { services_.blobs.resume_incoming(order().file, lease.upload().received); });
    throw base::Error(Code::checksum_mismatch, "The part's bytes are not those of its checksum. Send it again.");
}

Progress receive_part(const Services& services, const Actor& actor, const Part& part, const Source& source,
                      const std::function<void()>& interrupt) {
    const Begun begun = await_part(services, actor, part);
    if (const Progress* ended = std::get_if<Progress>(&begun)) return *ended;
    const auto& session = std::get<std::shared_ptr<PartSession>>(begun);
    return session->finish(write_body(*session, source, interrupt));
}

}  // namespace bodega::app
