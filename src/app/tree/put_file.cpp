#include "app/tree/put_file.h"

#include <utility>

#include "app/names/name.h"
#include "app/tree/body_writer.h"
#include "app/tree/file_date.h"
#include "app/tree/free_quota.h"
#include "app/tree/incoming_file.h"
#include "app/tree/preflight.h"
#include "app/tree/refusal.h"
#include "base/error.h"
#include "base/media_type.h"
#include "blobs/body_file.h"
#include "store/tree/blobs.h"

namespace bodega::app {
namespace {

using Stage = base::BodyReport::Stage;

Preflight admit(const Services& services, const PutRequest& request, std::optional<std::int64_t> length) {
    return preflight_file(services, request.folder, request.name, store::OnConflict::replace, request.precondition,
                          length);
}

// Removes the bytes of a body that did not become a file. Keeps them if they have a row: an earlier report of the same
// body was then committed.
void discard_unless_committed(const Services& services, const base::Ulid& blob_id) noexcept {
    discard("blob", [&] {
        const bool committed =
            services.catalog.read([&](db::Connection& connection) { return store::Blobs(connection).exists(blob_id); });
        if (!committed) services.blobs.remove_blob(blob_id);
    });
}

// The result for a key that has already written a file. `created` is derived from the file's current version, so it is
// false if the file was written again since.
CommittedFile committed_first(db::Connection& connection, const Actor& actor, const store::Creation& creation) {
    store::Entry entry = created_entry(connection, actor, creation);
    const bool created = entry.version == 1;
    return {std::move(entry), created};
}

CommittedFile commit_once(db::Connection& connection, const PutRequest& request, const FileCommit& commit,
                          const store::Content& content) {
    const auto first = claim_creation(connection, commit.actor, request.key);
    if (first) return committed_first(connection, commit.actor, *first);
    CommittedFile committed = commit_file(connection, commit, content);
    note_created_entry(connection, commit.actor, request.key, committed.entry.id);
    return committed;
}

base::BodyOrder order_of(const Services& services, const PutRequest& request) {
    if (request.modified_at) require_file_date("modified_at", *request.modified_at);
    base::BodyOrder out;
    out.max = admit(services, request, request.length).max;
    out.file = base::Ulid::make();
    out.ticket = base::Ulid::make();
    out.fresh = true;
    out.in_place = request.length && *request.length <= PutSession::kInPlace;
    if (!request.digests.sha512.empty()) out.checksum = "sha-512";
    return out;
}

}  // namespace

std::optional<CommittedFile> find_put(const Services& services, const PutRequest& request) {
    if (!request.key) return std::nullopt;
    const Actor& actor = request.folder.actor;
    return services.catalog.read([&](db::Connection& connection) -> std::optional<CommittedFile> {
        const auto first = find_creation(connection, actor, request.key);
        if (!first) return std::nullopt;
        return committed_first(connection, actor, *first);
    });
}

PutSession::PutSession(const Services& services, PutRequest request, HeldLease::Clock clock)
    : UploadSession(order_of(services, request)),
      services_(services),
      request_(std::move(request)),
      clock_(std::move(clock)),
      began_(clock_()) {}

std::unique_ptr<base::BodySink> PutSession::open() const {
    return std::make_unique<blobs::BodyFile>(services_.blobs, order());
}

void PutSession::discard_unpublished() const noexcept {
    if (order().in_place) discard_unless_committed(services_, order().file);
    else discard_incoming(services_, order().file);
}

void PutSession::abort(const base::BodyReport& report) {
    discard_unpublished();
    if (report.stage == Stage::failed) throw base::Error(report.error.value());
    if (report.stage != Stage::excess) return;
    Preflight preflight = admit(services_, request_, std::nullopt);
    preflight.admit(preflight.max + 1);
}

CommittedFile PutSession::finish(const base::BodyReport& report) {
    verify(report);
    const store::Content content{order().file, report.size, std::string(base::media_type_of(clean_name(request_.name))),
                                 blobs::digest_of(report).value(), request_.modified_at};
    const Published published = publish(report);
    try {
        CommittedFile committed = commit(content, published);
        // If a concurrent request with the same key was committed first, its file is the result, and these bytes are
        // not needed.
        if (committed.entry.blob_id != content.blob_id) discard_unless_committed(services_, content.blob_id);
        return committed;
    } catch (const base::Error& e) {
        // After a refusal nothing was committed, so the bytes are removed. After any other error the commit may have
        // succeeded, so the garbage collector decides about the bytes.
        if (is_refusal(e.code())) discard_unless_committed(services_, content.blob_id);
        throw;
    }
}

void PutSession::verify(const base::BodyReport& report) const {
    const Digests& digests = request_.digests;
    const bool right = (!digests.sha256 || *digests.sha256 == blobs::digest_of(report).value()) &&
                       (digests.sha512.empty() || digests.sha512 == report.checksum);
    if (right) return;
    discard_unpublished();
    throw base::Error(base::Code::checksum_mismatch,
                      "The bytes are not those of the digest that came with them. Send the file again.");
}

Published PutSession::publish(const base::BodyReport& report) const {
    try {
        return {services_.blobs, order(), report.size, began_, clock_};
    } catch (const base::Error&) {
        discard_unpublished();
        throw;
    }
}

CommittedFile PutSession::commit(const store::Content& content, const Published& published) const {
    const FileCommit commit{request_.folder.entry.id,
                            clean_name(request_.name),
                            store::OnConflict::replace,
                            request_.precondition,
                            request_.folder.actor,
                            order().ticket,
                            services_.config.files.versions_keep,
                            quota_rules(services_)};
    return services_.catalog.transact(
        [&](db::Connection& connection) {
            CommittedFile out = commit_once(connection, request_, commit, content);
            if (out.entry.blob_id == content.blob_id) published.require_there();
            return out;
        },
        [&](db::Connection& connection) { return store::Blobs(connection).exists(content.blob_id); });
}

CommittedFile put_file(const Services& services, const PutRequest& request, const Source& source) {
    if (auto first = find_put(services, request)) return *first;
    PutSession session(services, request);
    return session.finish(write_body(session, source));
}

}  // namespace bodega::app
