// How much a space may still take in, and what makes more room. charge_space() has the last word.
//
// What uploads under way were announced with counts as taken: an upload that was let in has its room at its end.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// What a change may do to find room in a space that is full.
struct RoomRules {
    base::Milliseconds evict_after = 0;  // former versions that came longer ago than this go, the oldest first; 0: none
    base::Ulid own_upload = {};          // the upload that ends by the change, whose announced bytes are this room
};

// Throws Error{quota_exceeded}.
[[noreturn]] void throw_no_room();

// Bytes below the quota, never negative; std::nullopt: without a quota, or without the space.
std::optional<std::int64_t> space_room(db::Connection& connection, const base::Ulid& space_id,
                                       const base::Ulid& own_upload = {});

// What evict_versions could free, of those that came longer than `age` ago. Reads the space's files.
std::int64_t evictable_bytes(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age);

// Ends former versions of the space's files that came longer than `age` ago, the oldest first, until `bytes` are given
// back or none is left. Returns the bytes that were. Requires: the space is locked.
std::int64_t evict_versions(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age,
                            std::int64_t bytes);

}  // namespace bodega::store
