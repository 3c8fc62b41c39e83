#include "web/api/content_tag.h"

#include <algorithm>

#include "base/encoding.h"

namespace bodega::web {

std::string content_etag(const store::Sha256& sha256) { return '"' + base::hex(sha256) + '"'; }

std::optional<store::Sha256> parse_content_tag(std::string_view opaque) {
    auto bytes = base::unhex(opaque);
    store::Sha256 out;
    if (!bytes || bytes->size() != out.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

}  // namespace bodega::web
