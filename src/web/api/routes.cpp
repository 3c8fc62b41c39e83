#include "web/api/routes.h"

namespace bodega::web {

store::TokenScope scope_of(const Route& route) {
    if (route.guard == Guard::admin) return store::TokenScope::admin;
    const bool reads = route.method == "GET" || route.method == "HEAD" || route.method == "OPTIONS";
    return reads ? store::TokenScope::read : store::TokenScope::write;
}

std::vector<Route> all_routes() {
    std::vector<Route> routes;
    for (Routes table : {setup_routes(), session_routes(), token_routes(), user_routes(), user_credential_routes(),
                         space_routes(), trash_routes(), job_routes(), entry_routes(), children_routes(),
                         version_routes(), search_routes(), content_routes(), file_routes(), upload_routes(),
                         acme_routes(), audit_routes(), node_routes(), openapi_routes()})
        routes.insert(routes.end(), table.begin(), table.end());
    return routes;
}

}  // namespace bodega::web
