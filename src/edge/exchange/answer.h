// Short answers that the edge makes itself: errors as problem+json below /api/, else as a small page; and plain texts.
#pragma once

#include <string_view>

#include "edge/exchange/exchange.h"

namespace bodega::edge {

// "Not Found"; for an unregistered status, the name of its class (RFC 9110 section 15).
std::string_view reason_phrase(int status) noexcept;

// Begins and finishes one of the edge's own answers. `reason` is for people; retry_after is in seconds, 0 when not
// known. `extra` holds complete field lines; may be empty. Requires: !x.begun().
void answer_error(Exchange& x, int status, std::string_view reason, int retry_after = 0, std::string_view extra = {});
void answer_text(Exchange& x, int status, std::string_view text);

}  // namespace bodega::edge
