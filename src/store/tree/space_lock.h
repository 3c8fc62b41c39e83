// Serialises writes in a space, and charges the space for bytes.
//
// Every transaction that changes a space's tree locks the space's row first. So the writes of one space run one after
// another, on every node, and what was read under the lock stays true until the commit. All functions require a
// transaction on `connection`.
#pragma once

#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/space_quota.h"

namespace bodega::store {

// Throws Error{not_found} if the space is gone.
void lock_space(db::Connection& connection, const base::Ulid& space_id);

// Locks two spaces, always in the order of their ids, so that two transactions can't deadlock. Locks once if both are
// the same.
void lock_spaces(db::Connection& connection, const base::Ulid& one, const base::Ulid& other);

// Adds `bytes` (negative: subtracts) to the space's used bytes, which include all versions and the trash. The announced
// sizes of open uploads count against the quota too. If the quota has no room, first removes old versions, as `rules`
// allow. Throws Error{quota_exceeded}. Requires: the space is locked.
void charge_space(db::Connection& connection, const base::Ulid& space_id, std::int64_t bytes,
                  const QuotaRules& rules = {});

}  // namespace bodega::store
