// The order of writes in a space, and the bytes that it is charged for.
//
// Every transaction that changes a space's tree locks the space's row first, so the writes of one space run
// one after another, on every node: what was read after the lock stays true until the commit.
// All functions require a transaction on `connection`.
#pragma once

#include "base/ulid.h"
#include "db/connection.h"
#include "store/tree/space_room.h"

namespace bodega::store {

// Throws Error{not_found} for a space that is gone.
void lock_space(db::Connection& connection, const base::Ulid& space_id);

// Two spaces, in the order of their ids whichever comes first here; the same one twice is locked once.
void lock_spaces(db::Connection& connection, const base::Ulid& one, const base::Ulid& other);

// Adds `bytes` (negative: gives back) to what the space uses: all versions and the trash count. Where its quota has no
// room for more, beside what uploads under way were announced with, old versions go first as `rules` allow.
// Throws Error{quota_exceeded}. Requires: the space is locked.
void charge_space(db::Connection& connection, const base::Ulid& space_id, std::int64_t bytes,
                  const RoomRules& rules = {});

}  // namespace bodega::store
