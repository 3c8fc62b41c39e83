// The calls on a file or a folder: /api/v1/entries. Calls on the bytes of files are in content.cpp and file_put.cpp.
#include <array>

#include "app/tree/copy.h"
#include "app/tree/entry_details.h"
#include "app/tree/folders.h"
#include "app/tree/move.h"
#include "app/tree/trash.h"
#include "base/error.h"
#include "http/entity_tag.h"
#include "web/api/creation_key.h"
#include "web/api/entry_json.h"
#include "web/api/routes.h"
#include "web/api/shown_entry.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

constexpr std::string_view kJson = "application/json";

void show_entry(Call& call) {
    const app::Grant grant = shown_entry(call);
    const auto details = call.services().catalog.read(
        [&](db::Connection& connection) { return app::entry_details(connection, grant.entry, grant.role); });
    const std::string tag = app::entry_tag(details);
    call.set_header("ETag", tag);
    call.set_header("Cache-Control", "private, no-cache");
    if (call.client_has(tag)) return call.respond(304);
    call.respond_text(200, kJson, details_json(details));
}

void make_folder(Call& call) {
    const app::Grant grant = call.reach(call.ulid("id"));
    const std::string name = call.json().text("name");
    const auto key = creation_key(call, {"folder", grant.entry.id, name});
    const auto entry = app::make_folder(call.services(), grant, name, key);
    call.set_header("Location", call.urls().entry(entry.id));
    call.respond_text(201, kJson, entry_json(entry));
}

// Returns the tags of If-Match (RFC 9110 section 13.1.1). A malformed list counts as a list without tags, which matches
// nothing.
std::optional<app::ExpectedTags> expected_tags(const Call& call) {
    const auto field = http::joined_field(call.fields(), http::Name::if_match);
    if (!field) return std::nullopt;
    app::ExpectedTags out;
    const http::EntityTags given = http::parse_entity_tags(*field).value_or(http::EntityTags{});
    out.any = given.any;
    for (const http::EntityTag& tag : given.tags)
        if (!tag.weak) out.tags.push_back('"' + tag.opaque + '"');
    return out;
}

void change_entry(Call& call) {
    const app::Grant grant = call.reach(call.ulid("id"));
    const JsonBody body = call.json();
    app::Move move;
    move.name = body.optional_text("name");
    if (const auto parent = body.optional_ulid("parent_id")) move.folder = call.reach(*parent);
    move.expected = expected_tags(call);
    move.modified_at = body.optional_integer("modified_at");
    if (!move.name && !move.folder && !move.modified_at) {
        throw base::Error(base::Code::invalid,
                          "There is nothing to change. Give a name, a parent_id, a modified_at or several of them.");
    }
    const auto entry = app::move_entry(call.services(), grant, move);
    call.respond_text(200, kJson, entry_json(entry));
}

void copy_entry(Call& call) {
    const app::Grant source = call.reach(call.ulid("id"));
    const JsonBody body = call.json();
    const app::Grant folder = call.reach(body.ulid("parent_id"));
    const auto name = body.optional_text("name");
    const auto entry = app::copy_entry(call.services(), source, folder, name);
    call.set_header("Location", call.urls().entry(entry.id));
    call.respond_text(201, kJson, entry_json(entry));
}

void delete_entry(Call& call) {
    const bool permanent = call.query_flag("permanent");
    const app::Grant grant = call.reach(call.ulid("id"), permanent);
    if (permanent) app::erase_entry(call.services(), grant);
    else app::trash_entry(call.services(), grant);
    call.respond(204);
}

void restore_entry(Call& call) {
    const app::Grant grant = call.reach(call.ulid("id"), true);
    const JsonBody body = call.json();
    const app::RestoreAs restore{body.optional_ulid("parent_id"), body.optional_text("name")};
    const auto entry = app::restore_entry(call.services(), call.authorizer(), grant, restore);
    call.respond_text(200, kJson, entry_json(entry));
}

constexpr std::array kRoutes = {
    Route{"GET",
          "/api/v1/entries/{id}",
          show_entry,
          Guard::signed_in,
          Body::none,
          {.summary = "A file or a folder, with the path to it and what you may do",
           .response = "EntryDetails",
           .query = "trashed"}},
    Route{"PATCH",
          "/api/v1/entries/{id}",
          change_entry,
          Guard::signed_in,
          Body::json,
          {.summary = "Rename it, move it (also into another space), or set its date",
           .request = "EntryChange",
           .response = "Entry"}},
    Route{"DELETE",
          "/api/v1/entries/{id}",
          delete_entry,
          Guard::signed_in,
          Body::none,
          {.summary = "Move it to the trash, or delete it permanently", .status = 204, .query = "permanent"}},
    Route{"POST",
          "/api/v1/entries/{id}/folders",
          make_folder,
          Guard::signed_in,
          Body::json,
          {.summary = "Create a folder in it",
           .request = "NewFolder",
           .response = "Entry",
           .status = 201,
           .headers = "Idempotency-Key"}},
    Route{"POST",
          "/api/v1/entries/{id}/copies",
          copy_entry,
          Guard::signed_in,
          Body::json,
          {.summary = "Copy it; a folder with everything in it",
           .request = "NewCopy",
           .response = "Entry",
           .status = 201}},
    Route{"POST",
          "/api/v1/entries/{id}/restore",
          restore_entry,
          Guard::signed_in,
          Body::json,
          {.summary = "Restore it from the trash", .request = "Restore", .response = "Entry"}},
};

}  // namespace

Routes entry_routes() { return kRoutes; }

}  // namespace bodega::web
