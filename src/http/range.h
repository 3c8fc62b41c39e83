// Byte ranges (RFC 9110 section 14) and If-Range (section 13.1.5). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::http {

struct ByteRange {
    std::uint64_t first;
    std::uint64_t last;  // the range includes this byte

    std::uint64_t length() const noexcept { return last - first + 1; }
    bool operator==(const ByteRange&) const = default;
};

// A request for more ranges gets the whole representation, so that a cheap request can't cause expensive work.
inline constexpr std::size_t kMaxRanges = 16;

struct RangeSelection {
    enum class Kind : std::uint8_t { whole, parts, unsatisfiable };
    Kind kind = Kind::whole;
    std::vector<ByteRange> parts;  // set for Kind::parts, in the order requested
};

// Selects the ranges that `range` (the value of a Range field) requests out of `size` bytes. Returns `whole` if the
// field has to be ignored: it is malformed, has another unit or too many ranges, or its ranges overlap or are longer
// than the whole.
RangeSelection select_ranges(std::string_view range, std::uint64_t size);

// True if the Range field applies: If-Range is equal to the representation's strong entity tag or to its date. `etag`
// and `last_modified` may be empty.
bool if_range_holds(std::string_view if_range, std::string_view etag, std::string_view last_modified) noexcept;

// "bytes 0-99/1234"
std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace bodega::http
