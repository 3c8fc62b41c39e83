#include "app/uploads.h"

#include "app/admission.h"
#include "app/incoming_file.h"
#include "base/error.h"
#include "store/uploads.h"

namespace bodega::app {

using base::Code;

store::Upload create_upload(const Services& services, const UploadRequest& request) {
    std::optional<std::int64_t> length;
    if (request.length != store::Upload::kDeferred) length = request.length;
    Admission admission = admit_file(services, request.folder, request.name, request.on_conflict, Expected{}, length);
    store::Upload upload;
    upload.id = upload.file_id = base::Ulid::make();
    upload.user_id = request.folder.actor.user_id;
    upload.space_id = request.folder.entry.space_id;
    upload.parent_id = request.folder.entry.id;
    upload.name = admission.name;
    upload.length = request.length;
    upload.sha256 = request.sha256;
    upload.on_conflict = request.on_conflict;
    upload.metadata = request.metadata;
    // The file comes first: a row never lacks its file.
    services.blobs.create_durable_incoming(upload.id);
    return services.catalog.transact(
        [&](db::Connection& connection) {
            store::Uploads uploads(connection);
            // duplicate: the commit of a first try, whose answer was lost, has happened
            uploads.insert(upload, services.config.files.upload_expiry.count());
            return *uploads.find(upload.id);
        },
        [&](db::Connection& connection) { return store::Uploads(connection).find(upload.id).has_value(); });
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
        throw base::Error(Code::gone, "That upload was left alone for too long and is gone. Start it again.");
    return *found.upload;
}

std::vector<store::Upload> list_uploads(const Services& services, const Actor& actor) {
    return services.catalog.read([&](db::Connection& connection) {
        return store::Uploads(connection).under_way(actor.user_id, kMostUploadsListed);
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
