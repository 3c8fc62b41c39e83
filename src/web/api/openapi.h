// Generates GET /api/v1/openapi.json from the tables of routes.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "web/call/route.h"

namespace bodega::web {

// Returns the object components/schemas of the document. It has every name that a Doc may use.
nlohmann::json openapi_schemas();

nlohmann::json openapi_document(const std::vector<Route>& routes);

}  // namespace bodega::web
