// The fleet as the catalog records it, for administrators.
#include "app/fleet/nodes.h"

#include "web/api/fleet_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void list_nodes(Call& call) { call.respond_json(200, fleet_json(app::Nodes(call.services().catalog).view())); }

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/nodes",
     list_nodes,
     Guard::admin,
     Body::none,
     {.summary = "The fleet: its nodes with their recent load, leases, open uploads, storage", .response = "Fleet"}},
};

}  // namespace

Routes node_routes() { return kRoutes; }

}  // namespace bodega::web
