#include "http/range.h"

#include <algorithm>

#include "http/syntax.h"

namespace bodega::http {
namespace {

enum class Spec : std::uint8_t { satisfiable, unsatisfiable, malformed };

// Parses "-5", which means the last five bytes.
Spec read_suffix(std::string_view digits, std::uint64_t size, ByteRange& out) {
    auto length = decimal(digits);
    if (!length) return Spec::malformed;
    if (*length == 0 || size == 0) return Spec::unsatisfiable;
    out = {size - std::min(*length, size), size - 1};
    return Spec::satisfiable;
}

Spec read_spec(std::string_view spec, std::uint64_t size, ByteRange& out) {
    std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) return Spec::malformed;
    if (dash == 0) return read_suffix(spec.substr(1), size, out);
    auto first = decimal(spec.substr(0, dash));
    if (!first) return Spec::malformed;
    std::uint64_t last = size > 0 ? size - 1 : 0;
    if (dash + 1 < spec.size()) {
        auto named = decimal(spec.substr(dash + 1));
        if (!named || *named < *first) return Spec::malformed;
        last = std::min(last, *named);
    }
    if (*first >= size) return Spec::unsatisfiable;
    out = {*first, last};
    return Spec::satisfiable;
}

bool overlap_or_exceed(const std::vector<ByteRange>& parts, std::uint64_t size) {
    std::vector<ByteRange> sorted = parts;
    std::sort(sorted.begin(), sorted.end(), [](const ByteRange& a, const ByteRange& b) { return a.first < b.first; });
    for (std::size_t i = 1; i < sorted.size(); ++i)
        if (sorted[i].first <= sorted[i - 1].last) return true;
    std::uint64_t total = 0;
    for (const ByteRange& part : parts) total += part.length();
    return total > size;
}

}  // namespace

RangeSelection select_ranges(std::string_view range, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes=";
    if (!equal_ignoring_case(range.substr(0, kUnit.size()), kUnit)) return {};
    range.remove_prefix(kUnit.size());
    RangeSelection selection;
    std::size_t count = 0;
    while (auto spec = next_element(range)) {
        ByteRange part{};
        Spec status = read_spec(*spec, size, part);
        if (status == Spec::malformed || ++count > kMaxRanges) return {};
        if (status == Spec::satisfiable) selection.parts.push_back(part);
    }
    if (count == 0) return {};
    if (selection.parts.empty()) return {RangeSelection::Kind::unsatisfiable, {}};
    if (overlap_or_exceed(selection.parts, size)) return {};
    selection.kind = RangeSelection::Kind::parts;
    return selection;
}

bool if_range_holds(std::string_view if_range, std::string_view etag, std::string_view last_modified) noexcept {
    if (if_range.empty()) return false;
    if (if_range.front() == '"') return if_range == etag;
    // A weak tag never matches, since If-Range needs a strong comparison.
    if (if_range.starts_with("W/")) return false;
    return if_range == last_modified;
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size);
}

}  // namespace bodega::http
