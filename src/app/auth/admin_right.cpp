#include "app/auth/admin_right.h"

#include "base/error.h"
#include "store/auth/users.h"

namespace bodega::app {

bool is_admin_now(db::Connection& connection, const Actor& actor) {
    if (actor.is_console()) return actor.is_admin();
    const auto user = store::Users(connection).find(actor.user_id);
    return user && !user->disabled && user->role == store::Role::admin;
}

void require_admin(db::Connection& connection, const Actor& actor) {
    if (is_admin_now(connection, actor)) return;
    throw base::Error(base::Code::forbidden, "Only an administrator may do this.");
}

}  // namespace bodega::app
