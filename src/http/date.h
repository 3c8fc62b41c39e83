// Dates in HTTP fields (RFC 9110 section 5.6.7).
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace bodega::http {

// Parses the three forms that a recipient must accept. Returns std::nullopt for anything else; callers then ignore the
// field.
std::optional<base::Milliseconds> parse_date(std::string_view text);

}  // namespace bodega::http
