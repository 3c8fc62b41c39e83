// How often something may happen, as settings write it: "100/s burst=200".
#pragma once

#include <optional>
#include <string_view>

namespace bodega::config {

// A bucket that holds `burst` tokens and gets `per_second` new ones; each event takes one.
struct Rate {
    double per_second = 0;
    int burst = 1;

    bool operator==(const Rate&) const = default;
};

// A whole number per s, min or h, at least 1; "burst=N" may follow, else it is what one second brings, at least 1.
// nullopt: it is none.
std::optional<Rate> parse_rate(std::string_view text);

}  // namespace bodega::config
