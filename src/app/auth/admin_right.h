// Checks within the transaction that acts whether the caller is an administrator (see space_role.h for why).
#pragma once

#include "app/auth/authorizer.h"
#include "db/connection.h"

namespace bodega::app {

// True for an administrator's account that exists and is not disabled, and for the command line's actor.
bool is_admin_now(db::Connection& connection, const Actor& actor);

// Throws Error{forbidden}.
void require_admin(db::Connection& connection, const Actor& actor);

}  // namespace bodega::app
