// Rate limits as settings write them: "100/s burst=200".
#pragma once

#include <optional>
#include <string_view>

namespace bodega::config {

// A token bucket: holds up to `burst` tokens, and gets `per_second` new tokens each second. Each event takes one token.
struct Rate {
    double per_second = 0;
    int burst = 1;

    bool operator==(const Rate&) const = default;
};

// Parses "N/s", "N/min" or "N/h"; N is a whole number, at least 1. "burst=N" may follow. The default burst is the
// events of one second, at least 1. Returns nullopt if `text` is not a rate.
std::optional<Rate> parse_rate(std::string_view text);

}  // namespace bodega::config
