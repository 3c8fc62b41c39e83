// Search for entries by name: /api/v1/search.
#include "app/tree/search.h"

#include <array>

#include "web/api/entry_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void search(Call& call) {
    const app::SearchQuery query{call.query("q").value_or(""), call.query_ulid("space_id"), call.cursor(),
                                 call.limit()};
    call.respond_text(200, "application/json",
                      search_json(app::search(call.services(), call.authorizer(), call.actor(), query)));
}

constexpr std::array kRoutes = {
    Route{"GET",
          "/api/v1/search",
          search,
          Guard::signed_in,
          Body::none,
          {.summary = "Files and folders by a part of their names. A page may have fewer items than the limit although "
                      "more follow",
           .response = "SearchPage",
           .query = "q space_id limit cursor"}},
};

}  // namespace

Routes search_routes() { return kRoutes; }

}  // namespace bodega::web
