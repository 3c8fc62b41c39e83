#include "base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace bodega::base {
namespace {

// Rounded down: the milliseconds of a time before 1970 count up from its second, too.
Milliseconds whole_seconds(Milliseconds when) { return when / 1000 - (when % 1000 < 0 ? 1 : 0); }

std::tm utc(Milliseconds when) {
    auto seconds = static_cast<std::time_t>(whole_seconds(when));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

}  // namespace

Milliseconds now_ms() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string rfc3339(Milliseconds when) {
    std::tm parts = utc(when);
    std::array<char, 40> text{};
    std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(when - whole_seconds(when) * 1000));
    return std::string(text.data(), length) + fraction.data();
}

std::string http_date(Milliseconds when) {
    // The C locale's names are the ones RFC 9110 wants; bodega never calls setlocale.
    std::tm parts = utc(when);
    std::array<char, 40> text{};
    std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return std::string(text.data(), length);
}

}  // namespace bodega::base
