#include "config/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/text.h"

namespace bodega::config {
namespace {

using Unit = std::pair<std::string_view, std::int64_t>;

// Largest first: formatting uses the first unit that divides the value.
constexpr std::array<Unit, 5> kDurationUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<Unit, 5> kSizeUnits{{{"TiB", std::int64_t{1} << 40},
                                          {"GiB", std::int64_t{1} << 30},
                                          {"MiB", std::int64_t{1} << 20},
                                          {"KiB", std::int64_t{1} << 10},
                                          {"B", 1}}};
constexpr std::array<Unit, 5> kDecimalUnits{
    {{"TB", 1'000'000'000'000}, {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1000}, {"", 1}}};

// Splits off the number at the front. Returns nullopt if the number has a sign or is too large.
std::optional<std::pair<std::int64_t, std::string_view>> split_number(std::string_view text) {
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
    return std::pair{number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

std::optional<std::int64_t> scale(std::int64_t number, std::string_view unit, const std::array<Unit, 5>& units) {
    auto at = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.first == unit; });
    if (at == units.end() || number > std::numeric_limits<std::int64_t>::max() / at->second) return std::nullopt;
    return number * at->second;
}

std::string format_in(std::int64_t value, const std::array<Unit, 5>& units, std::string_view zero) {
    for (const auto& [name, factor] : units) {
        if (value >= factor && value % factor == 0) return std::to_string(value / factor) + std::string(name);
    }
    return std::string(zero);
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    auto parts = split_number(text);
    if (!parts) return std::nullopt;
    auto milliseconds = scale(parts->first, parts->second, kDurationUnits);
    if (!milliseconds) return std::nullopt;
    return Duration(*milliseconds);
}

std::string format_duration(Duration duration) { return format_in(duration.count(), kDurationUnits, "0s"); }

std::optional<std::int64_t> parse_size(std::string_view text) {
    auto parts = split_number(text);
    if (!parts) return std::nullopt;
    auto bytes = scale(parts->first, parts->second, kSizeUnits);
    return bytes ? bytes : scale(parts->first, parts->second, kDecimalUnits);
}

std::string format_size(std::int64_t bytes) { return format_in(bytes, kSizeUnits, "0B"); }

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t number = 0;
    const char* last = text.data() + text.size();
    auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc{} || end != last) return std::nullopt;
    return number;
}

std::optional<std::uint16_t> parse_redirect(std::string_view word) {
    constexpr std::string_view kWord = "redirect";
    if (word == kWord) return std::uint16_t{0};
    if (!word.starts_with(kWord) || word[kWord.size()] != '=') return std::nullopt;
    auto port = parse_integer(word.substr(kWord.size() + 1));
    if (!port || *port < 1 || *port > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*port);
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        std::size_t comma = std::min(text.find(','), text.size());
        std::string_view item = base::trim(text.substr(0, comma));
        if (!item.empty()) items.emplace_back(item);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

std::string format_list(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out.append(out.empty() ? "" : ", ").append(item);
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace bodega::config
