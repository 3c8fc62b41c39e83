#include "app/tree/put_file.h"

#include "app/names/name.h"
#include "app/tree/body_writer.h"
#include "app/tree/file_date.h"
#include "app/tree/incoming_file.h"
#include "app/tree/preflight.h"
#include "app/tree/published.h"
#include "app/tree/refusal.h"
#include "app/tree/room.h"
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

// Removes the bytes of a refused commit unless they have a row. They have a row if this report repeats one that was
// committed.
void discard_unless_committed(const Services& services, const base::Ulid& blob_id) {
    bool committed =
        services.catalog.read([&](db::Connection& connection) { return store::Blobs(connection).exists(blob_id); });
    if (!committed) services.blobs.remove_blob(blob_id);
}

void verify(const Services& services, const Digests& digests, const base::BodyReport& report) {
    const bool right = (!digests.sha256 || *digests.sha256 == blobs::digest_of(report).value()) &&
                       (digests.sha512.empty() || digests.sha512 == report.checksum);
    if (right) return;
    discard_incoming(services, report.file);
    throw base::Error(base::Code::checksum_mismatch,
                      "The bytes are not those of the digest that came with them. Send the file again.");
}

Published publish(const Services& services, const base::BodyReport& report, const HeldLease::Clock& clock) {
    try {
        return {services.blobs, report.file, report.size, clock};
    } catch (const base::Error&) {
        discard_incoming(services, report.file);
        throw;
    }
}

// The answer to a repeated key. `created` is derived from the entry's version, so it is false if the file was written
// since.
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

base::BodyOrder begin_put(const Services& services, const PutRequest& request) {
    if (request.modified_at) require_file_date("modified_at", *request.modified_at);
    base::BodyOrder out;
    out.most = admit(services, request, request.length).most;
    out.file = base::Ulid::make();
    out.ticket = base::Ulid::make();
    out.fresh = true;
    if (!request.digests.sha512.empty()) out.checksum = "sha-512";
    return out;
}

void interrupt_put(const Services& services, const PutRequest& request, const base::BodyReport& report) {
    if (report.stage == Stage::alive || report.stage == Stage::kept) return;
    discard_incoming(services, report.file);
    if (report.stage == Stage::failed) throw report.error();
    if (report.stage != Stage::excess) return;
    Preflight preflight = admit(services, request, std::nullopt);
    preflight.admit(preflight.most + 1);
}

CommittedFile end_put(const Services& services, const PutRequest& request, const base::BodyReport& report,
                      const HeldLease::Clock& clock) {
    request.folder.require(store::SpaceRole::editor);
    std::string name = clean_name(request.name);
    FileCommit commit{
        request.folder.entry.id, name,          store::OnConflict::replace,          request.precondition,
        request.folder.actor,    report.ticket, services.config.files.versions_keep, room_rules(services)};
    verify(services, request.digests, report);
    const store::Content content{report.file, report.size, std::string(base::media_type_of(name)),
                                 blobs::digest_of(report).value(), request.modified_at};
    const Published published = publish(services, report, clock);
    try {
        CommittedFile committed = services.catalog.transact(
            [&](db::Connection& connection) {
                CommittedFile out = commit_once(connection, request, commit, content);
                if (out.entry.blob_id == content.blob_id) published.require_there();
                return out;
            },
            [&](db::Connection& connection) { return store::Blobs(connection).exists(content.blob_id); });
        // A concurrent request with the same key was committed first.
        if (committed.entry.blob_id != content.blob_id)
            discard("blob", [&] { discard_unless_committed(services, content.blob_id); });
        return committed;
    } catch (const base::Error& e) {
        // After a refusal nothing was committed, so the bytes are removed. After any other error the commit may have
        // succeeded, so the garbage collector decides about the bytes.
        if (is_refusal(e.code())) discard("blob", [&] { discard_unless_committed(services, content.blob_id); });
        throw;
    }
}

CommittedFile put_file(const Services& services, const PutRequest& request, const Source& source) {
    const Tell tell = [&](const base::BodyReport& report) { interrupt_put(services, request, report); };
    if (auto first = find_put(services, request)) return *first;
    const base::BodyOrder order = begin_put(services, request);
    return end_put(services, request, write_body({services.blobs, order, tell, nullptr, nullptr}, source));
}

}  // namespace bodega::app
