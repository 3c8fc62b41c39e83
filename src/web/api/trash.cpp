// The trash of a space: /api/v1/spaces/{id}/trash.
#include "app/tree/trash.h"

#include <array>

#include "web/api/entry_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void list_trash(Call& call) {
    const base::Ulid space = call.ulid("id");
    call.respond_text(200, "application/json",
                      trash_json(app::list_trash(call.services(), call.actor(), space, call.cursor(), call.limit())));
}

void empty_trash(Call& call) {
    const base::Ulid space = call.ulid("id");
    app::empty_trash(call.services(), call.actor(), space);
    call.respond(204);
}

constexpr std::array kRoutes = {
    Route{"GET",
          "/api/v1/spaces/{id}/trash",
          list_trash,
          Guard::signed_in,
          Body::none,
          {.summary = "Deleted entries that can be restored, newest first",
           .response = "TrashPage",
           .query = "limit cursor"}},
    Route{"DELETE",
          "/api/v1/spaces/{id}/trash",
          empty_trash,
          Guard::signed_in,
          Body::none,
          {.summary = "Empty the trash permanently", .status = 204}},
};

}  // namespace

Routes trash_routes() { return kRoutes; }

}  // namespace bodega::web
