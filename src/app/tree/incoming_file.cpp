#include "app/tree/incoming_file.h"

#include "app/tree/refusal.h"
#include "base/log.h"
#include "store/tree/blobs.h"
#include "store/uploads/uploads.h"

namespace bodega::app {
namespace {

struct Known {
    std::optional<store::BlobRow> blob;
    bool upload = false;
};

Known look_up(const Services& services, const base::Ulid& id) {
    return services.catalog.read([&](db::Connection& connection) {
        return Known{store::Blobs(connection).find(id), store::Uploads(connection).has_file(id)};
    });
}

void republish(const Services& services, const store::BlobRow& blob) {
    if (services.blobs.size_of(blob.id) >= 0 || services.blobs.incoming_size(blob.id) != blob.size) return;
    services.blobs.publish(blob.id, blob.size);
    base::log::error("files", "a committed file was in incoming; moved it back to the blobs",
                     {{"blob", blob.id.text()}, {"size", blob.size}});
}

}  // namespace

bool end_incoming_file(const Services& services, const base::Ulid& id) {
    const Known known = look_up(services, id);
    if (known.blob) republish(services, *known.blob);
    if (known.blob || known.upload) return false;
    return services.blobs.remove_incoming(id);
}

void discard_incoming(const Services& services, const base::Ulid& id) noexcept {
    discard("incoming", [&] { end_incoming_file(services, id); });
}

}  // namespace bodega::app
