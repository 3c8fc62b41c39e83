// Adapts a call's body to app::Source, from which the use cases read.
#pragma once

#include "app/tree/source.h"
#include "web/transport/body_reader.h"

namespace bodega::web {

// Requires: `body` outlives the returned source.
inline app::Source body_source(BodyReader& body) {
    return [&body](std::span<std::uint8_t> buffer) {
        return body.read({reinterpret_cast<char*>(buffer.data()), buffer.size()});
    };
}

}  // namespace bodega::web
