#include "http/date.h"

#include <time.h>

#include <array>
#include <chrono>
#include <string>

namespace bodega::http {
namespace {

// IMF-fixdate, and the forms of RFC 850 and asctime. strptime(3) needs the C locale for them; a process that never
// calls setlocale(3) has this locale.
constexpr std::array<const char*, 3> kForms = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                               "%a %b %e %H:%M:%S %Y"};

}  // namespace

std::optional<base::Milliseconds> parse_date(std::string_view text) {
    if (text.size() > 64) return std::nullopt;
    std::string copy(text);
    for (const char* form : kForms) {
        tm parsed{};
        const char* end = ::strptime(copy.c_str(), form, &parsed);
        if (end == nullptr || *end != '\0') continue;
        return static_cast<base::Milliseconds>(::timegm(&parsed)) * 1000;
    }
    return std::nullopt;
}

}  // namespace bodega::http
