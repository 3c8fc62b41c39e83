// Checks that the caller is still an administrator, in the transaction that makes the change. space_role.h says why.
#pragma once

#include "app/auth/authorizer.h"
#include "db/connection.h"

namespace bodega::app {

// True for an enabled administrator's account and for the command line's actor.
bool is_admin_now(db::Connection& connection, const Actor& actor);

// Throws Error{forbidden} if is_admin_now() is false.
void require_admin(db::Connection& connection, const Actor& actor);

}  // namespace bodega::app
