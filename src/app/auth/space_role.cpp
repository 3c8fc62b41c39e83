#include "app/auth/space_role.h"

#include "base/error.h"
#include "store/auth/callers.h"

namespace bodega::app {

store::SpaceRole role_now(db::Connection& connection, const Actor& actor, const base::Ulid& space_id) {
    if (actor.is_console()) return store::SpaceRole::manager;
    if (const auto role = store::Callers(connection).role_in(actor.user_id, space_id)) return *role;
    throw base::Error(base::Code::not_found, "That file or folder does not exist, or you may not see it (any more).");
}

void require_role(db::Connection& connection, const Actor& actor, const base::Ulid& space_id, store::SpaceRole least) {
    require_at_least(role_now(connection, actor, space_id), least);
}

}  // namespace bodega::app
