// A folder's state: a number that identifies one listing of the folder, on every node and in every copy of the catalog.
//
// A plain counter would repeat. After a restore, or a failover that lost the last commits, it would give the same
// numbers to different listings, and the entity tag that a client has of an old listing would match a new one. So a
// change sets the state to the database's clock in milliseconds, with random low bits. The state always grows: if the
// clock stands still or goes back, it grows by one.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace bodega::store {

// The new value of the column `state`, in SQL. It has one parameter: state_chance(). Overflows 63 bits in the year 2109
// (2^42 ms times 2^21).
inline constexpr std::string_view kNextState = "{greatest}(state + 1, {now} * 2097152 + ?)";

inline std::int64_t state_chance() { return static_cast<std::int64_t>(base::random_below(2097152)); }

}  // namespace bodega::store
