#include "web/routes.h"

namespace bodega::web {

std::vector<Route> all_routes() {
    std::vector<Route> routes;
    for (Routes table :
         {setup_routes(), session_routes(), token_routes(), user_routes(), space_routes(), trash_routes(),
          entry_routes(), children_routes(), version_routes(), search_routes(), content_routes(), file_routes(),
          upload_routes(), acme_routes(), audit_routes(), node_routes(), openapi_routes()})
        routes.insert(routes.end(), table.begin(), table.end());
    return routes;
}

}  // namespace bodega::web
