#include "base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace bodega::base {
namespace {

// Rounds down also before 1970, so that the remaining milliseconds are never negative.
Milliseconds whole_seconds(Milliseconds when) { return when / 1000 - (when % 1000 < 0 ? 1 : 0); }

std::tm utc(Milliseconds when) {
    auto seconds = static_cast<std::time_t>(whole_seconds(when));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_digits(std::string& text, std::size_t at, std::size_t count, int value) {
    for (std::size_t i = at + count; i > at; value /= 10) text[--i] = static_cast<char>('0' + value % 10);
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
    // Does not use strftime(3), which takes as long as writing all other lines of a response's head. A response with a
    // file has one or two dates.
    std::tm parts = utc(when);
    std::string text = "Sun, 01 Jan 1970 00:00:00 GMT";
    text.replace(0, 3, kDays.substr(static_cast<std::size_t>(parts.tm_wday) * 3, 3));
    put_digits(text, 5, 2, parts.tm_mday);
    text.replace(8, 3, kMonths.substr(static_cast<std::size_t>(parts.tm_mon) * 3, 3));
    put_digits(text, 12, 4, parts.tm_year + 1900);
    put_digits(text, 17, 2, parts.tm_hour);
    put_digits(text, 20, 2, parts.tm_min);
    put_digits(text, 23, 2, parts.tm_sec);
    return text;
}

}  // namespace bodega::base
