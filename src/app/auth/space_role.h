// Reads a caller's rights within the transaction that acts.
//
// Authorizer::reach checks the rights earlier, so that a refusal is cheap. Before the transaction locks the space, the
// entry may move to another space, and the membership or the account may end. So every action checks the rights again,
// with these functions.
#pragma once

#include "app/auth/authorizer.h"
#include "db/connection.h"

namespace bodega::app {

// The actor's current role in a space. The command line's actor has every right. Throws Error{not_found} for a space of
// which the actor is not a member, and for an account that is disabled or deleted.
store::SpaceRole role_now(db::Connection& connection, const Actor& actor, const base::Ulid& space_id);

// Throws Error{forbidden} for a role below `least`, and also what role_now throws. Requires: the transaction has locked
// the space, so that the role stays the same until the commit.
void require_role(db::Connection& connection, const Actor& actor, const base::Ulid& space_id, store::SpaceRole least);

}  // namespace bodega::app
