// Weights, also called quality values (RFC 9110 section 12.4.2), and list elements that have a weight. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "http/syntax.h"

namespace bodega::http {

// Parses qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ). Returns thousandths.
constexpr std::optional<int> read_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    int value = (text[0] - '0') * 1000;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int unit = 100;
    for (char c : text.substr(text.size() > 1 ? 2 : 1)) {
        if (c < '0' || c > '9') return std::nullopt;
        value += (c - '0') * unit;
        unit /= 10;
    }
    return value <= 1000 ? std::optional(value) : std::nullopt;
}

// Returns the weight of a parameter such as "q=0.5". Returns std::nullopt if `parameter` has another name or is
// malformed.
constexpr std::optional<int> weight_of(std::string_view parameter) noexcept {
    if (parameter.size() < 2 || lower(parameter[0]) != 'q' || parameter[1] != '=') return std::nullopt;
    return read_weight(parameter.substr(2));
}

}  // namespace bodega::http
