#include "base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace bodega::base {
namespace {

std::tm utc(Milliseconds when) {
    std::time_t seconds = static_cast<std::time_t>(when / 1000);
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
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(when % 1000));
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
