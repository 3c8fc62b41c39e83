#include "app/uploads/uploads.h"

#include "app/tree/creation.h"
#include "app/tree/file_date.h"
#include "app/tree/free_quota.h"
#include "app/tree/granted_lock.h"
#include "app/tree/incoming_file.h"
#include "app/tree/preflight.h"
#include "app/tree/refusal.h"
#include "app/uploads/upload_limit.h"
#include "base/error.h"
#include "store/uploads/uploads.h"

namespace bodega::app {

using base::Code;

namespace {

// The bytes that an upload announces. An upload with a deferred length announces none: only its received bytes count.
std::int64_t announced_bytes(const store::Upload& upload) { return upload.is_deferred() ? 0 : upload.length; }

std::optional<store::Upload> upload_of(db::Connection& connection, const std::optional<store::Creation>& creation) {
    if (!creation || !creation->upload_id) return std::nullopt;
    auto upload = store::Uploads(connection).find(*creation->upload_id);
    return upload && upload->expires_at > connection.now_ms() ? upload : std::nullopt;
}

// Inserts the upload's row. Checks rights and limits again, under locks: concurrent creations are checked one after
// another.
store::Upload insert_upload(const Services& services, db::Connection& connection, const UploadRequest& request,
                            store::Upload upload) {
    store::Uploads uploads(connection);
    // An earlier run of this transaction was committed, but its answer was lost.
    if (auto there = uploads.find(upload.id)) return *there;
    const Actor& actor = request.folder.actor;
    const auto first = claim_creation(connection, actor, request.key, services.config.files.upload_expiry);
    if (upload_of(connection, first))
        throw base::Error(Code::locked, "Another request with that Idempotency-Key is under way. Send it again.", 1);
    uploads.lock_user(upload.user_id);
    require_upload_allowed(services, connection, upload.user_id, announced_bytes(upload));
    upload.space_id = lock_granted_folder(connection, request.folder).space_id;
    const auto quota = available_quota(services, connection, upload.space_id, announced_bytes(upload));
    if (quota && *quota < announced_bytes(upload)) store::throw_quota_exceeded();
    uploads.insert(upload, services.config.files.upload_expiry.count());
    note_created_upload(connection, actor, request.key, upload.id);
    return uploads.find(upload.id).value();
}

}  // namespace

store::Upload create_upload(const Services& services, const UploadRequest& request) {
    if (request.modified_at) require_file_date("modified_at", *request.modified_at);
    std::optional<std::int64_t> length;
    if (request.length != store::Upload::kDeferred) length = request.length;
    Preflight preflight =
        preflight_file(services, request.folder, request.name, request.on_conflict, Precondition{}, length);
    store::Upload upload;
    upload.id = upload.file_id = base::Ulid::make();
    upload.user_id = request.folder.actor.user_id;
    upload.space_id = request.folder.entry.space_id;
    upload.parent_id = request.folder.entry.id;
    upload.name = preflight.name;
    upload.length = request.length;
    upload.sha256 = request.sha256;
    upload.on_conflict = request.on_conflict;
    upload.metadata = request.metadata;
    upload.modified_at = request.modified_at;
    services.catalog.read([&](db::Connection& connection) {
        require_upload_allowed(services, connection, upload.user_id, announced_bytes(upload));
    });
    // Creates the file before the row, so that every row has a file.
    services.blobs.create_durable_incoming(upload.id);
    try {
        return services.catalog.transact(
            [&](db::Connection& connection) { return insert_upload(services, connection, request, upload); },
            [&](db::Connection& connection) { return store::Uploads(connection).find(upload.id).has_value(); });
    } catch (const base::Error& e) {
        // After a refusal nothing was committed. After any other error the commit may have succeeded, so the garbage
        // collector decides about the file.
        if (is_refusal(e.code())) discard_incoming(services, upload.id);
        throw;
    }
}

std::optional<store::Upload> find_created_upload(const Services& services, const Actor& actor,
                                                 const std::optional<CreationKey>& key) {
    if (!key) return std::nullopt;
    return services.catalog.read(
        [&](db::Connection& connection) { return upload_of(connection, find_creation(connection, actor, key)); });
}

store::Upload find_upload(const Services& services, const Actor& actor, const base::Ulid& id) {
    struct Found {
        std::optional<store::Upload> upload;
        base::Milliseconds now = 0;
    };
    Found found = services.catalog.read([&](db::Connection& connection) {
        Found out;
        out.upload = store::Uploads(connection).find(id);
        if (out.upload) out.now = connection.now_ms();
        return out;
    });
    if (!found.upload || found.upload->user_id != actor.user_id)
        throw base::Error(Code::not_found, "That upload does not exist (any more). Start it again.");
    if (found.upload->expires_at <= found.now)
        throw base::Error(Code::gone, "That upload got no bytes for too long and was removed. Start it again.");
    return *found.upload;
}

std::vector<store::Upload> list_uploads(const Services& services, const Actor& actor) {
    return services.catalog.read([&](db::Connection& connection) {
        return store::Uploads(connection).under_way(actor.user_id, kMaxUploadsListed);
    });
}

void end_upload(const Services& services, const Actor& actor, const base::Ulid& id) {
    store::Upload upload = find_upload(services, actor, id);
    services.catalog.transact([&](db::Connection& connection) { store::Uploads(connection).remove(id); },
                              [&](db::Connection& connection) { return !store::Uploads(connection).find(id); });
    if (upload.entry_id) return;
    discard_incoming(services, upload.file_id);
    if (upload.moves_to) discard_incoming(services, *upload.moves_to);
}

}  // namespace bodega::app
