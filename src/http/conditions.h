// Conditional requests (RFC 9110 section 13): decides whether a request continues, gets a 304, or fails with 412. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/fields.h"

namespace bodega::http {

// The values of the conditional fields. The lines of a list field are joined.
struct Conditions {
    std::optional<std::string> if_match = {};
    std::optional<std::string> if_none_match = {};
    std::optional<std::string> if_modified_since = {};
    std::optional<std::string> if_unmodified_since = {};
};

Conditions conditions_of(const Fields& fields);

// Validators of the representation that the server would send.
struct Validators {
    std::string_view etag;                               // strong, with its quotes; empty when there is no tag
    std::optional<base::Milliseconds> modified_at = {};  // compared in whole seconds
};

enum class Precondition : std::uint8_t { holds, not_modified, failed };

// Checks a GET or HEAD request in the order of RFC 9110 section 13.2.2. A malformed list of tags fails If-Match and is
// ignored in If-None-Match. A date is ignored if it is malformed or if the representation has no date.
// If-Modified-Since matches only the representation's exact date, because a new file may have an earlier date than the
// file that it replaces.
Precondition check_read(const Conditions& conditions, const Validators& validators);

}  // namespace bodega::http
