// Whether the caller is an administrator at the moment that counts: within the transaction that acts (see
// space_role.h).
#pragma once

#include "app/auth/authorizer.h"
#include "db/connection.h"

namespace bodega::app {

// Of an account that is there and not disabled; the command line's own actor is one.
bool is_admin_now(db::Connection& connection, const Actor& actor);

// Throws Error{forbidden}.
void require_admin(db::Connection& connection, const Actor& actor);

}  // namespace bodega::app
