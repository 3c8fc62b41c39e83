// One range of bytes of a representation (RFC 9110 section 14). Several at once are answered whole, as the
// RFC allows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/conditions.h"

namespace bodega::web {

struct ByteRange {
    enum class Kind : std::uint8_t { whole, part, unsatisfiable };
    Kind kind = Kind::whole;
    std::int64_t first = 0;
    std::int64_t length = 0;  // of the part, or of the whole
};

// What `range` (the field's value) and `if_range` ask of `size` bytes. A malformed range and an If-Range that
// does not match (strongly) ask for the whole.
ByteRange select_range(std::optional<std::string_view> range, std::optional<std::string_view> if_range,
                       const http::Validators& validators, std::int64_t size);

}  // namespace bodega::web
