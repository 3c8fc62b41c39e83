// The table of contents: the functions that return the routes of each noun. A new noun adds its function here and to
// all_routes().
#pragma once

#include <vector>

#include "web/call/route.h"

namespace bodega::web {

Routes setup_routes();
Routes session_routes();
Routes token_routes();
Routes user_routes();
Routes user_credential_routes();
Routes space_routes();
Routes trash_routes();
Routes job_routes();
Routes entry_routes();
Routes children_routes();
Routes version_routes();
Routes search_routes();
Routes content_routes();
Routes file_routes();
Routes upload_routes();
Routes acme_routes();
Routes audit_routes();
Routes node_routes();
Routes openapi_routes();

// All routes, in the order of the OpenAPI document.
std::vector<Route> all_routes();

}  // namespace bodega::web
