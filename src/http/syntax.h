// Character classes of HTTP's grammar (RFC 9110 section 5.6, RFC 3986), and case-insensitive comparison. Pure
// functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace bodega::http {

using base::trim;  // removes OWS (optional white space) at both ends

enum Class : std::uint8_t {
    kToken = 1,       // tchar
    kFieldValue = 2,  // VCHAR, obs-text, SP, HTAB
    kTarget = 4,      // VCHAR without '#': a fragment is never sent
    kRegName = 8,     // characters of a host name: letters, digits, '-', '.', '_'
};

namespace detail {

constexpr bool is_alnum(unsigned c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> table{};
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    for (unsigned c = 0; c < 256; ++c) {
        bool vchar = c > 0x20 && c < 0x7f;
        unsigned bits = 0;
        if (is_alnum(c) || (vchar && kMarks.find(static_cast<char>(c)) != std::string_view::npos)) bits |= kToken;
        if (vchar || c >= 0x80 || c == ' ' || c == '\t') bits |= kFieldValue;
        if (vchar && c != '#') bits |= kTarget;
        if (is_alnum(c) || c == '-' || c == '.' || c == '_') bits |= kRegName;
        table[c] = static_cast<std::uint8_t>(bits);
    }
    return table;
}

inline constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

}  // namespace detail

constexpr bool is(char c, Class wanted) noexcept {
    return (detail::kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

// Returns the length of the longest prefix whose characters are all in the class.
constexpr std::size_t span_of(std::string_view text, Class wanted) noexcept {
    std::size_t i = 0;
    while (i < text.size() && is(text[i], wanted)) ++i;
    return i;
}

constexpr bool all_of(std::string_view text, Class wanted) noexcept { return span_of(text, wanted) == text.size(); }

constexpr bool is_token(std::string_view text) noexcept { return !text.empty() && all_of(text, kToken); }

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

// Parses 1*DIGIT. Returns std::nullopt for a sign, a space, an empty text or a number that is too large.
constexpr std::optional<std::uint64_t> decimal(std::string_view text) noexcept {
    constexpr std::uint64_t kMax = std::uint64_t{1} << 63;
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        if (value > kMax / 10 - 1) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

// Removes the next element from the front of a comma-separated list (RFC 9110 section 5.6.1) and returns it trimmed.
// Skips empty elements. Returns std::nullopt at the end. Not for lists whose elements can hold quoted strings.
constexpr std::optional<std::string_view> next_element(std::string_view& list) noexcept {
    while (!list.empty()) {
        std::size_t comma = list.find(',');
        std::string_view element = trim(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        if (!element.empty()) return element;
    }
    return std::nullopt;
}

}  // namespace bodega::http
