// The fleet as the catalog sees it, for administrators.
#include "app/nodes.h"

#include "web/call.h"
#include "web/routes.h"
#include "web/views.h"

namespace bodega::web {
namespace {

void list_nodes(Call& call) { call.respond_json(200, page_view(app::Nodes(call.services()).list(), "", node_view)); }

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/nodes",
     list_nodes,
     Guard::admin,
     Body::none,
     {.summary = "The fleet's nodes", .response = "NodeList"}},
};

}  // namespace

Routes node_routes() { return kRoutes; }

}  // namespace bodega::web
