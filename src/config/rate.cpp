#include "config/rate.h"

#include <algorithm>
#include <cstdint>

#include "config/value.h"

namespace bodega::config {
namespace {

constexpr std::int64_t kMax = 1'000'000;

std::optional<double> seconds_of(std::string_view unit) {
    if (unit == "s") return 1;
    if (unit == "min") return 60;
    if (unit == "h") return 3600;
    return std::nullopt;
}

std::optional<std::int64_t> number(std::string_view text) {
    auto value = parse_integer(text);
    return value && *value >= 1 && *value <= kMax ? value : std::nullopt;
}

}  // namespace

std::optional<Rate> parse_rate(std::string_view text) {
    std::size_t blank = std::min(text.find(' '), text.size());
    std::string_view frequency = text.substr(0, blank), rest = text.substr(blank);
    std::size_t slash = frequency.find('/');
    if (slash == frequency.npos) return std::nullopt;
    auto events = number(frequency.substr(0, slash));
    auto seconds = seconds_of(frequency.substr(slash + 1));
    if (!events || !seconds) return std::nullopt;
    Rate rate;
    rate.per_second = static_cast<double>(*events) / *seconds;
    rate.burst = std::max(1, static_cast<int>(rate.per_second));
    if (rest.empty()) return rate;
    constexpr std::string_view kBurst = " burst=";
    auto burst = rest.starts_with(kBurst) ? number(rest.substr(kBurst.size())) : std::nullopt;
    if (!burst) return std::nullopt;
    rate.burst = static_cast<int>(*burst);
    return rate;
}

}  // namespace bodega::config
