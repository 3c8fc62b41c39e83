// Conditional requests: whether a read goes on, is answered 304, or fails with 412 (RFC 9110 section 13.2.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace bodega::http {

struct ConditionFields {
    std::optional<std::string_view> if_match = {};
    std::optional<std::string_view> if_none_match = {};
    std::optional<std::string_view> if_modified_since = {};
    std::optional<std::string_view> if_unmodified_since = {};
};

struct Validators {
    std::string_view opaque;             // the strong tag's, without quotes
    base::Milliseconds modified_at = 0;  // compared by whole seconds
};

enum class Precondition : std::uint8_t { holds, not_modified, failed };

// For GET and HEAD. A malformed list of tags fails If-Match and is ignored in If-None-Match; a malformed
// date is ignored.
Precondition check_read(const ConditionFields& fields, const Validators& validators);

}  // namespace bodega::http
