// Spaces and their members.
#include "app/tree/spaces.h"

#include "base/error.h"
#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

// The largest page, and the default: a client that sends no limit may not know that there are further pages.
constexpr int kPage = 1000;

app::Spaces spaces_of(Call& call) { return app::Spaces(call.services()); }

void list_spaces(Call& call) {
    const app::Actor& actor = call.actor();
    const bool all = call.query_flag("all");
    const int limit = call.limit(kPage, kPage);
    const app::SpacePage page =
        all ? spaces_of(call).list_all(actor, call.cursor(), limit) : spaces_of(call).list(actor, call.cursor(), limit);
    call.respond_json(200, page_json(page.items, page.next_cursor, space_json));
}

void create_space(Call& call) {
    const JsonBody body = call.json();
    const auto space = spaces_of(call).create(call.actor(), body.text("name"), body.optional_integer("quota_bytes"));
    call.respond_json(201, space_json(space));
}

void change_space(Call& call) {
    const app::Actor& actor = call.actor();
    const JsonBody body = call.json();
    app::SpaceChange change;
    change.name = body.optional_text("name");
    if (body.has("quota_bytes")) change.quota_bytes = body.optional_integer("quota_bytes");
    call.respond_json(200, space_json(spaces_of(call).change(actor, call.ulid("id"), change)));
}

void list_members(Call& call) {
    const app::Actor& actor = call.actor();
    const auto page = spaces_of(call).members(actor, call.ulid("id"), call.cursor(), call.limit(kPage, kPage));
    call.respond_json(200, page_json(page.items, page.next_cursor, member_json));
}

void put_member(Call& call) {
    const app::Actor& actor = call.actor();
    const JsonBody body = call.json();
    const auto role = store::parse_space_role(body.text("role"));
    if (!role) throw base::Error(base::Code::invalid, "The field \"role\" must be viewer, editor or manager.");
    const auto member = spaces_of(call).put_member(actor, call.ulid("id"), call.ulid("user_id"), *role);
    call.respond_json(200, member_json(member));
}

void remove_member(Call& call) {
    spaces_of(call).remove_member(call.actor(), call.ulid("id"), call.ulid("user_id"));
    call.respond(204);
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/spaces",
     list_spaces,
     Guard::signed_in,
     Body::none,
     {.summary = "My spaces, the personal one first; all=true: every space, for administrators",
      .response = "SpaceList",
      .query = "all limit cursor"}},
    {"POST",
     "/api/v1/spaces",
     create_space,
     Guard::admin,
     Body::json,
     {.summary = "Create a team space", .request = "NewSpace", .response = "Space", .status = 201}},
    {"PATCH",
     "/api/v1/spaces/{id}",
     change_space,
     Guard::signed_in,
     Body::json,
     {.summary = "Rename a space; change its quota", .request = "SpaceChange", .response = "Space"}},
    {"GET",
     "/api/v1/spaces/{id}/members",
     list_members,
     Guard::signed_in,
     Body::none,
     {.summary = "The members of a space, by name", .response = "MemberList", .query = "limit cursor"}},
    {"PUT",
     "/api/v1/spaces/{id}/members/{user_id}",
     put_member,
     Guard::signed_in,
     Body::json,
     {.summary = "Add a member, or change their role", .request = "MemberRole", .response = "Member"}},
    {"DELETE",
     "/api/v1/spaces/{id}/members/{user_id}",
     remove_member,
     Guard::signed_in,
     Body::none,
     {.summary = "Remove a member, or leave the space", .status = 204}},
};

}  // namespace

Routes space_routes() { return kRoutes; }

}  // namespace bodega::web
