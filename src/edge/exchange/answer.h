// Short answers that the edge makes itself: plain texts, and errors. An error below /api/ is problem+json; any other
// error is a small page.
#pragma once

#include <string_view>

#include "edge/exchange/exchange.h"

namespace bodega::edge {

// Sends a complete error answer. reason: a text for people. retry_after: in seconds; 0: no Retry-After. extra: complete
// field lines; may be empty. Requires: !x.begun().
void answer_error(Exchange& x, int status, std::string_view reason, int retry_after = 0, std::string_view extra = {});
void answer_text(Exchange& x, int status, std::string_view text);

}  // namespace bodega::edge
