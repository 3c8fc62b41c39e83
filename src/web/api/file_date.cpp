#include "web/api/file_date.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "app/tree/file_date.h"
#include "base/error.h"

namespace bodega::web {
namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

[[noreturn]] void refuse(std::string_view field) {
    throw base::Error(base::Code::invalid,
                      "The date in \"" + std::string(field) + "\" is not a number of seconds or milliseconds.");
}

// Parses digits. For more than fifteen digits returns the largest number of fifteen digits: it is above every valid
// date, and the multiples computed below still fit into an integer.
base::Milliseconds parse_whole(std::string_view field, std::string_view digits) {
    base::Milliseconds value = 0;
    if (!is_digits(digits)) refuse(field);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    if (digits.size() > 15) digits = "999999999999999";
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

base::Milliseconds checked_date(std::string_view field, bool negative, base::Milliseconds value) {
    app::require_file_date(field, negative ? -value : value);
    return negative ? -value : value;
}

bool take_sign(std::string_view& text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    return negative;
}

}  // namespace

base::Milliseconds parse_date_seconds(std::string_view field, std::string_view text) {
    const bool negative = take_sign(text);
    const std::size_t dot = std::min(text.find('.'), text.size());
    std::string fraction(text.substr(std::min(dot + 1, text.size())));
    if (dot < text.size() && !is_digits(fraction)) refuse(field);
    fraction.resize(3, '0');
    return checked_date(field, negative, parse_whole(field, text.substr(0, dot)) * 1000 + parse_whole(field, fraction));
}

base::Milliseconds parse_date_milliseconds(std::string_view field, std::string_view text) {
    const bool negative = take_sign(text);
    return checked_date(field, negative, parse_whole(field, text));
}

}  // namespace bodega::web
