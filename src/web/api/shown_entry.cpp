#include "web/api/shown_entry.h"

#include "app/tree/trash.h"
#include "web/call/call.h"

namespace bodega::web {

app::Grant shown_entry(Call& call) {
    const bool trashed_too = call.query_flag("trashed");
    app::Grant grant = call.reach(call.ulid("id"), trashed_too);
    if (!grant.entry.is_live())
        call.services().catalog.read(
            [&](db::Connection& connection) { app::require_not_marked(connection, grant.entry); });
    return grant;
}

}  // namespace bodega::web
