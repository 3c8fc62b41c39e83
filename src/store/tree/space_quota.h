// How many more bytes a space may take, and what can be removed to free bytes. The final check is charge_space().
//
// The announced sizes of open uploads count as used, so an accepted upload still has room when it ends.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// How a change that adds bytes is compared with the space's quota, and how it may make room.
struct QuotaRules {
    // May remove former versions older than this, the oldest first; 0: removes none.
    base::Milliseconds evict_after = 0;
    base::Ulid own_upload = {};  // the upload that this change completes; its announced bytes do not count
};

[[noreturn]] void throw_quota_exceeded();

// Returns the bytes left below the quota, never negative. Returns std::nullopt if the space has no quota or does not
// exist.
std::optional<std::int64_t> space_quota_left(db::Connection& connection, const base::Ulid& space_id,
                                             const base::Ulid& own_upload = {});

// Returns the bytes that evict_versions() could free from versions older than `age`. Reads the space's files.
std::int64_t evictable_bytes(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age);

// Removes former versions of the space's files that are older than `age`, the oldest first, until `bytes` are freed or
// no such version is left. Returns the bytes freed. Requires: the space is locked.
std::int64_t evict_versions(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age,
                            std::int64_t bytes);

}  // namespace bodega::store
