#include "app/put_file.h"

#include "app/admission.h"
#include "app/refusal.h"
#include "base/error.h"
#include "base/media_type.h"
#include "blobs/digest.h"
#include "store/blobs.h"

namespace bodega::app {
namespace {

// Removes what was written unless it was published.
class Draft {
public:
    Draft(const blobs::Store& store, const base::Ulid& id) : store_(store), id_(id) {}
    Draft(const Draft&) = delete;
    ~Draft() {
        if (!kept_) discard("incoming", [this] { store_.remove_incoming(id_); });
    }
    void keep() noexcept { kept_ = true; }

private:
    const blobs::Store& store_;
    const base::Ulid id_;
    bool kept_ = false;
};

store::Content take_in(const Services& services, const base::Ulid& id, const Admission& admission,
                       const Source& source) {
    Draft draft(services.blobs, id);
    blobs::Incoming file = services.blobs.create_incoming(id);
    blobs::Digest digest;
    Block block;
    for (auto bytes = block.fill(source); !bytes.empty(); bytes = block.fill(source)) {
        admission.admit(file.size() + static_cast<std::int64_t>(bytes.size()));
        file.write(bytes);
        digest.update(bytes);
    }
    file.seal();
    services.blobs.publish(id, file.size());
    draft.keep();
    return {id, file.size(), std::string(base::media_type_of(admission.name)), digest.value()};
}

}  // namespace

Placed put_file(const Services& services, const PutRequest& request, const Source& source) {
    Admission admission = admit_file(services, request.folder, request.name, store::OnConflict::replace,
                                     request.expected, request.length);
    Placement placement{
        request.folder.entry.id, admission.name,     store::OnConflict::replace,         request.expected,
        request.folder.actor,    base::Ulid::make(), services.config.files.versions_keep};
    store::Content content = take_in(services, base::Ulid::make(), admission, source);
    try {
        return services.catalog.transact(
            [&](db::Connection& connection) { return place(connection, placement, content); },
            [&](db::Connection& connection) { return store::Blobs(connection).exists(content.blob_id); });
    } catch (const base::Error& e) {
        // A refusal is certain, and so the bytes are nobody's. Else the commit may have happened: the sweeper looks.
        if (is_refusal(e.code())) discard("blob", [&] { services.blobs.remove_blob(content.blob_id); });
        throw;
    }
}

}  // namespace bodega::app
