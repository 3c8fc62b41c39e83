#include "web/byte_range.h"

#include <algorithm>
#include <charconv>

#include "http/entity_tag.h"

namespace bodega::web {
namespace {

// Digits alone; one that overflows is as large as can be.
std::optional<std::int64_t> parse_digits(std::string_view text) {
    if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t value = 0;
    auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    return result.ec == std::errc::result_out_of_range ? INT64_MAX : value;
}

// A date is no strong validator here, since a file's owner sets it (RFC 9110 section 8.8.2.2): other bytes may bear the
// same one, and a part of them must not be joined to what the client has.
bool is_current(std::string_view if_range, const http::Validators& validators) {
    const auto tags = http::parse_entity_tags(if_range);
    return tags && !tags->any && tags->tags.size() == 1 && tags->match_strong(validators.opaque);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_bytes_unit(std::string_view unit) {
    constexpr std::string_view kBytes = "bytes";
    return std::equal(unit.begin(), unit.end(), kBytes.begin(), kBytes.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
}

}  // namespace

ByteRange select_range(std::optional<std::string_view> range, std::optional<std::string_view> if_range,
                       const http::Validators& validators, std::int64_t size) {
    const ByteRange whole{ByteRange::Kind::whole, 0, size};
    const ByteRange none{ByteRange::Kind::unsatisfiable, 0, 0};
    if (!range || (if_range && !is_current(*if_range, validators))) return whole;
    std::size_t equals = range->find('=');
    if (equals == std::string_view::npos || !is_bytes_unit(range->substr(0, equals))) return whole;
    std::string_view spec = trimmed(range->substr(equals + 1));
    std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) return whole;
    auto first = parse_digits(spec.substr(0, dash));
    auto last = parse_digits(spec.substr(dash + 1));
    if (dash == 0) {
        if (!last) return whole;
        if (*last == 0 || size == 0) return none;
        std::int64_t length = std::min(*last, size);
        return {ByteRange::Kind::part, size - length, length};
    }
    bool open_ended = dash + 1 == spec.size();
    if (!first || (!last && !open_ended) || (last && *last < *first)) return whole;
    if (*first >= size) return none;
    std::int64_t end = open_ended ? size - 1 : std::min(*last, size - 1);
    return {ByteRange::Kind::part, *first, end - *first + 1};
}

}  // namespace bodega::web
