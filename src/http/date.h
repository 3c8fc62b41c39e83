// Dates of HTTP fields (RFC 9110 section 5.6.7).
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace bodega::http {

// Any of the three forms that a recipient has to understand; std::nullopt for anything else, so that the
// field is ignored.
std::optional<base::Milliseconds> parse_date(std::string_view text);

}  // namespace bodega::http
