#include "web/api/creation_key.h"

#include <string>

#include "base/encoding.h"
#include "blobs/digest.h"
#include "web/api/idempotency_key.h"

namespace bodega::web {
namespace {

store::Sha256 hash(std::string_view text) { return blobs::sha256(base::as_bytes(text)); }

}  // namespace

std::optional<app::CreationKey> creation_key(const Call& call, const Creating& creating) {
    const auto key = idempotency_key(call);
    if (!key) return std::nullopt;
    std::string request(creating.what);
    for (const std::string& part : {creating.folder_id.text(), std::string(creating.name),
                                    creating.length ? std::to_string(*creating.length) : std::string()})
        request.append(1, '\0').append(part);
    if (!creating.digest.empty()) request.append(1, '\0').append(creating.digest);
    return app::CreationKey{hash(*key), hash(request)};
}

}  // namespace bodega::web
