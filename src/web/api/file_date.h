// Parses a file's date, as clients send it with its bytes. Pure functions. Both throw Error{invalid} with the field's
// name for a malformed number or a date out of range (app/tree/file_date.h).
#pragma once

#include <string_view>

#include "base/clock.h"

namespace bodega::web {

// Seconds since 1970, with or without a fraction ("1715000000.25"): X-OC-Mtime, and `mtime` in tus metadata. Digits
// beyond milliseconds are dropped.
base::Milliseconds parse_date_seconds(std::string_view field, std::string_view text);

// Whole milliseconds since 1970: the lastModified of browsers.
base::Milliseconds parse_date_milliseconds(std::string_view field, std::string_view text);

}  // namespace bodega::web
