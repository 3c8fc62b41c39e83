// Conditional requests (RFC 9110 section 13): whether a request continues, is answered 304, or fails with 412.
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/fields.h"

namespace bodega::http {

// Values of the fields, several lines of a list joined.
struct Conditions {
    std::optional<std::string> if_match = {};
    std::optional<std::string> if_none_match = {};
    std::optional<std::string> if_modified_since = {};
    std::optional<std::string> if_unmodified_since = {};
};

Conditions conditions_of(const Fields& fields);

// Of the representation that the server would answer with.
struct Validators {
    std::string_view etag;                               // strong, with its quotes; empty if there is no tag
    std::optional<base::Milliseconds> modified_at = {};  // compared by whole seconds
};

enum class Precondition : std::uint8_t { holds, not_modified, failed };

// For GET and HEAD, in the order of section 13.2.2. A malformed list of tags fails If-Match and is ignored in
// If-None-Match; a date is ignored if it is malformed or if the representation has no date. If-Modified-Since matches
// only the representation's exact date: a file may replace one that had a later date.
Precondition check_read(const Conditions& conditions, const Validators& validators);

}  // namespace bodega::http
