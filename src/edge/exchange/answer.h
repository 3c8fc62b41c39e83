// The edge's own short answers: errors as problem+json below /api/, else as a small page; and plain texts.
#pragma once

#include <string_view>

#include "edge/exchange/exchange.h"

namespace bodega::edge {

// "Not Found"; the class's name for a status that is not registered (RFC 9110 section 15).
std::string_view reason_phrase(int status) noexcept;

// Begins and finishes an answer of ours. `reason` is for a person; retry_after in seconds, 0: not known.
// `extra`: whole field lines, or none. Requires: !x.begun().
void answer_error(Exchange& x, int status, std::string_view reason, int retry_after = 0, std::string_view extra = {});
void answer_text(Exchange& x, int status, std::string_view text);

}  // namespace bodega::edge
