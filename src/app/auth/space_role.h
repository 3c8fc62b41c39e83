// Reads a caller's rights within the transaction that acts.
//
// Authorizer::reach runs earlier, so that a refusal costs little. Between its answer and the action an entry may move
// to another space, and a membership or an account may end. So every action checks again, with these functions.
#pragma once

#include "app/auth/authorizer.h"
#include "db/connection.h"

namespace bodega::app {

// The actor's current role in a space. The command line's actor may do everything. Throws Error{not_found} for a space
// that the actor is not in, and for an account that is disabled or deleted.
store::SpaceRole role_now(db::Connection& connection, const Actor& actor, const base::Ulid& space_id);

// Throws Error{forbidden} for a role below `least`, and what role_now throws. Requires: a transaction that has locked
// the space, so that the role stays until the commit.
void require_role(db::Connection& connection, const Actor& actor, const base::Ulid& space_id, store::SpaceRole least);

}  // namespace bodega::app
