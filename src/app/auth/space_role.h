// A caller's rights at the moment that counts: within the transaction that acts.
//
// Access::reach answers early, so that a refusal costs little; between its answer and the act an entry may move to
// another space, and a membership or an account may end. Every act asks again, here.
#pragma once

#include "app/auth/authorizer.h"
#include "db/connection.h"

namespace bodega::app {

// The actor's role in a space as the catalog has it now; the command line's own actor may do everything.
// Throws Error{not_found} for a space that the actor is not in, and for an account that is disabled or gone.
store::SpaceRole role_now(db::Connection& connection, const Actor& actor, const base::Ulid& space_id);

// Throws Error{forbidden} below `least`, and as role_now.
// Requires: a transaction that has locked the space, so that the answer holds until the commit.
void require_role(db::Connection& connection, const Actor& actor, const base::Ulid& space_id, store::SpaceRole least);

}  // namespace bodega::app
