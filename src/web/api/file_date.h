// Parses a file's date, which clients send with the file's bytes. Pure functions.
//
// The functions throw Error{invalid} with the field's name for a malformed number or a date out of range
// (app/tree/file_date.h).
#pragma once

#include <string_view>

#include "base/clock.h"

namespace bodega::web {

// Parses seconds since 1970, with or without a fraction ("1715000000.25"), as in X-OC-Mtime and in `mtime` of tus
// metadata. Digits below a millisecond are dropped.
base::Milliseconds parse_date_seconds(std::string_view field, std::string_view text);

// Parses whole milliseconds since 1970, as in the lastModified of browsers.
base::Milliseconds parse_date_milliseconds(std::string_view field, std::string_view text);

}  // namespace bodega::web
