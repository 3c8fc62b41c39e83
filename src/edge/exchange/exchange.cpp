#include "edge/exchange/exchange.h"

#include <algorithm>

namespace bodega::edge {

bool Exchange::is_for_api() const {
    const std::string_view path = request().path;
    const auto own = site_ ? site_->own_part(path) : std::optional(path);
    return own && own->starts_with("/api/");
}

Exchange::Body Exchange::read_body(std::span<char> to, std::size_t& got) {
    got = 0;
    while (got < to.size()) {
        Body body = poll_body();
        if (body != Body::bytes) return body;
        std::string_view bytes = body_bytes().substr(0, to.size() - got);
        std::copy(bytes.begin(), bytes.end(), to.data() + got);
        got += bytes.size();
        consume_body(bytes.size());
    }
    return Body::bytes;
}

}  // namespace bodega::edge
