// Text encodings: hex, base64 (RFC 4648 sections 4 and 5), percent (RFC 3986 section 2.1), UTF-8 validity.
//
// Decoders are strict: they return std::nullopt for input that is not canonical. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::base {

using Bytes = std::vector<std::uint8_t>;

std::string hex(std::span<const std::uint8_t> bytes);  // lower case
std::optional<Bytes> unhex(std::string_view text);     // accepts lower and upper case

std::string base64(std::span<const std::uint8_t> bytes);     // padded
std::string base64url(std::span<const std::uint8_t> bytes);  // no padding
std::optional<Bytes> unbase64(std::string_view text);        // requires padding, RFC 4648 section 4
std::optional<Bytes> unbase64url(std::string_view text);     // no padding

// Encodes every character except RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);
// Decodes once. Returns std::nullopt for a '%' without two hex digits. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629).
bool is_utf8(std::string_view text) noexcept;
// Returns the length (1 to 4 bytes) of the well-formed UTF-8 sequence at the front of `text`, or 0 if `text` does not
// begin with one.
std::size_t utf8_sequence(std::string_view text) noexcept;

std::span<const std::uint8_t> as_bytes(std::string_view text) noexcept;

// Compares in time that depends only on the length; for secrets.
bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace bodega::base
