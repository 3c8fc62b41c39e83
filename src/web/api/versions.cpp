// The former versions of a file: /api/v1/entries/{id}/versions. Their bytes are sent by content.cpp.
#include "app/tree/versions.h"

#include <array>

#include "web/api/entry_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

void list_versions(Call& call) {
    const app::Grant grant = call.reach(call.ulid("id"));
    call.respond_text(200, "application/json", versions_json(app::list_versions(call.services(), grant)));
}

void restore_version(Call& call) {
    const app::Grant grant = call.reach(call.ulid("id"));
    const auto entry = app::restore_version(call.services(), grant, call.integer("n"));
    call.respond_text(200, "application/json", entry_json(entry));
}

void delete_version(Call& call) {
    const app::Grant grant = call.reach(call.ulid("id"));
    app::delete_version(call.services(), grant, call.integer("n"));
    call.respond(204);
}

constexpr std::array kRoutes = {
    Route{"GET",
          "/api/v1/entries/{id}/versions",
          list_versions,
          Guard::signed_in,
          Body::none,
          {.summary = "The contents of a file over time, newest first", .response = "VersionList"}},
    Route{"DELETE",
          "/api/v1/entries/{id}/versions/{n}",
          delete_version,
          Guard::signed_in,
          Body::none,
          {.summary = "Delete a former content permanently", .status = 204}},
    Route{"POST",
          "/api/v1/entries/{id}/versions/{n}/restore",
          restore_version,
          Guard::signed_in,
          Body::none,
          {.summary = "Make a former content the current one, with a new version number", .response = "Entry"}},
};

}  // namespace

Routes version_routes() { return kRoutes; }

}  // namespace bodega::web
