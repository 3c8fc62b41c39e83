// Trims text and writes hexadecimal digits. Pure functions.
#pragma once

#include <string_view>

namespace bodega::base {

// Removes leading and trailing spaces and tabs.
constexpr std::string_view trim(std::string_view text) noexcept {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// The digit of a value below 16, in lower case.
constexpr char hex_digit(unsigned value) noexcept { return "0123456789abcdef"[value & 15]; }

// The digit of a value below 16, in upper case.
constexpr char upper_hex_digit(unsigned value) noexcept { return "0123456789ABCDEF"[value & 15]; }

}  // namespace bodega::base
