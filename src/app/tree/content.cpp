#include "app/tree/content.h"

#include "base/error.h"
#include "store/tree/versions.h"

namespace bodega::app {

using base::Code;

Representation content_of(const Grant& grant) {
    const store::Entry& entry = grant.entry;
    if (entry.is_folder()) throw base::Error(Code::conflict, "That is a folder; only a file has content.");
    if (!entry.blob_id || !entry.sha256) throw base::Error(Code::internal, "a file's row names no blob");
    return {{*entry.blob_id, entry.size, entry.mime, *entry.sha256}, entry.name, entry.modified_at};
}

Representation content_of_version(const Services& services, const Grant& grant, std::int64_t number) {
    Representation current = content_of(grant);
    if (number == grant.entry.version) return current;
    auto version = services.catalog.read(
        [&](db::Connection& connection) { return store::Versions(connection).find(grant.entry.id, number); });
    if (!version) throw base::Error(Code::not_found, "The file has no such version (any more).");
    // A former content also gets the media type of the file's current name.
    version->content.mime = grant.entry.mime;
    return {version->content, grant.entry.name, version->modified_at};
}

}  // namespace bodega::app
