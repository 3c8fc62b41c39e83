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
    std::uint64_t last;  // inclusive

    std::uint64_t length() const noexcept { return last - first + 1; }
    bool operator==(const ByteRange&) const = default;
};

// More are answered with the whole representation: a cheap request must not make dear work.
inline constexpr std::size_t kMaxRanges = 16;

struct RangeSelection {
    enum class Kind : std::uint8_t { whole, parts, unsatisfiable };
    Kind kind = Kind::whole;
    std::vector<ByteRange> parts;  // of Kind::parts, in the order asked for
};

// What `range` (a Range field's value) selects of `size` bytes. A field that is malformed, of another unit, of too
// many ranges, or of ranges that overlap or cover more than the whole, is ignored: `whole`.
RangeSelection select_ranges(std::string_view range, std::uint64_t size);

// Whether Range applies under this If-Range value, given the representation's validators (either may be empty):
// the same strong entity tag, or exactly the same date.
bool if_range_holds(std::string_view if_range, std::string_view etag, std::string_view last_modified) noexcept;

// "bytes 0-99/1234"
std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace bodega::http
