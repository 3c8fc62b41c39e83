// The text forms of settings: "30s", "8MiB", "a, b". Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace bodega::config {

// Parses a whole number and a unit (ms, s, min, h, d), without a space: "1500ms", "10min", "7d".
std::optional<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration duration);  // in the largest unit that divides it: "7d", "90s"

// Parses a whole number of bytes, with or without a unit (B, KiB, MiB, GiB, TiB, kB, MB, GB, TB): "8MiB", "65536".
std::optional<std::int64_t> parse_size(std::string_view text);
std::string format_size(std::int64_t bytes);  // in the largest binary unit that divides it: "8MiB", "1000B"

std::optional<std::int64_t> parse_integer(std::string_view text);  // decimal digits, optionally after a '-'

// Returns the https port in a listener's option "redirect" (0: any) or "redirect=443". Returns nullopt if `word` is
// another option, or if its port is invalid.
std::optional<std::uint16_t> parse_redirect(std::string_view word);

// Splits at commas and removes the blanks around each item. "" has no items.
std::vector<std::string> parse_list(std::string_view text);
std::string format_list(const std::vector<std::string>& items);

// Returns the number of edits (insert, delete, replace, swap of neighbours) that turn one name into the other, for "did
// you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace bodega::config
