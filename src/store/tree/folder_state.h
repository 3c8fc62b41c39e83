// A folder's state: a number that names what the folder lists, on every node and in every copy of the catalog.
//
// A mere counter repeats: after a restore, or a failover that lost the last commits, it counts through the same numbers
// again, for other listings, and a client's old tag fits. So a change makes it the database's clock in milliseconds
// with random bits below; it grows in any case, by one where the clock stands still or goes back.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace bodega::store {

// The new value of the column `state`, in SQL, with one parameter: state_chance(). 2^21 ms of the year 2109 are 2^63.
inline constexpr std::string_view kNextState = "{greatest}(state + 1, {now} * 2097152 + ?)";

inline std::int64_t state_chance() { return static_cast<std::int64_t>(base::random_below(2097152)); }

}  // namespace bodega::store
