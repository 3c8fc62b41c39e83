#include "web/creation_key.h"

#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "blobs/digest.h"

namespace bodega::web {
namespace {

constexpr std::size_t kLongest = 255;

store::Sha256 hash(std::string_view text) { return blobs::sha256(base::as_bytes(text)); }

}  // namespace

std::optional<app::CreationKey> creation_key(const Call& call, const Creating& creating) {
    const auto key = call.header(kIdempotencyKey);
    if (!key) return std::nullopt;
    const bool visible = std::ranges::all_of(*key, [](char c) { return c > 0x20 && c < 0x7F; });
    if (key->empty() || key->size() > kLongest || !visible)
        throw base::Error(base::Code::invalid, "Idempotency-Key has to be 1 to 255 visible ASCII characters.");
    std::string request(creating.what);
    for (const std::string& part : {creating.folder_id.text(), std::string(creating.name),
                                    creating.length ? std::to_string(*creating.length) : std::string()})
        request.append(1, '\0').append(part);
    return app::CreationKey{hash(*key), hash(request)};
}

}  // namespace bodega::web
