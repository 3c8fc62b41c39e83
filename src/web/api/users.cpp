// Accounts, for administrators; and the search for people whom a manager can add to a space.
#include "app/auth/accounts.h"
#include "base/encoding.h"
#include "base/error.h"
#include "web/api/account_json.h"
#include "web/api/routes.h"
#include "web/call/call.h"

namespace bodega::web {
namespace {

using base::Code;
using base::Error;

constexpr int kMaxPeople = 20;

app::Accounts accounts_of(Call& call) { return {call.services(), call.context().passwords}; }

std::optional<store::Role> role_of(const JsonBody& body) {
    auto name = body.optional_text("role");
    if (!name) return std::nullopt;
    auto role = store::parse_role(*name);
    if (!role) throw Error(Code::invalid, "The field \"role\" must be admin or member.");
    return role;
}

// Reads the cursor: the username_key of the last account on the previous page.
std::string key_of(Call& call) {
    auto cursor = call.cursor();
    if (!cursor) return {};
    auto key = base::unbase64url(*cursor);
    std::string text = key ? std::string(key->begin(), key->end()) : std::string();
    if (text.empty() || !base::is_utf8(text))
        throw Error(Code::invalid, "The query parameter \"cursor\" must be the next_cursor of an earlier answer.");
    return text;
}

void list_users(Call& call) {
    const app::UserPage page = accounts_of(call).list(call.query("q").value_or(""), key_of(call), call.limit());
    call.respond_json(200, page_json(page.users, base::base64url(base::as_bytes(page.next)), user_json));
}

void create_user(Call& call) {
    const JsonBody body = call.json();
    app::NewAccount account;
    account.username = body.text("username");
    account.password = body.text("password");
    account.role = role_of(body).value_or(store::Role::member);
    account.quota_bytes = body.optional_integer("quota_bytes");
    call.respond_json(201, user_json(accounts_of(call).create(call.actor(), account)));
}

void change_user(Call& call) {
    const JsonBody body = call.json();
    app::AccountChange change;
    change.role = role_of(body);
    change.disabled = body.optional_boolean("disabled");
    change.password = body.optional_text("password");
    if (body.has("quota_bytes")) change.quota_bytes = body.optional_integer("quota_bytes");
    const app::ChangedAccount done = accounts_of(call).change(call.actor(), call.ulid("id"), change);
    nlohmann::json view = user_json(done.user);
    view["ended"] = {{"sessions", done.ended.sessions}, {"tokens", done.ended.tokens}};
    call.respond_json(200, view);
}

void delete_user(Call& call) {
    accounts_of(call).remove(call.actor(), call.ulid("id"));
    call.respond(204);
}

void list_people(Call& call) {
    call.actor();
    const auto people = accounts_of(call).people(call.query("q").value_or(""), kMaxPeople);
    call.respond_json(200, page_json(people, "", person_json));
}

constexpr Route kRoutes[] = {
    {"GET",
     "/api/v1/users",
     list_users,
     Guard::admin,
     Body::none,
     {.summary = "Accounts, by name", .response = "UserPage", .query = "q limit cursor"}},
    {"POST",
     "/api/v1/users",
     create_user,
     Guard::admin,
     Body::json,
     {.summary = "Create an account with its personal space", .request = "NewUser", .response = "User", .status = 201},
     kSecretJsonBytes},
    {"PATCH",
     "/api/v1/users/{id}",
     change_user,
     Guard::admin,
     Body::json,
     {.summary = "Change an account; disabling it or setting a password ends its sessions and tokens",
      .request = "UserChange",
      .response = "ChangedUser"},
     kSecretJsonBytes},
    {"DELETE",
     "/api/v1/users/{id}",
     delete_user,
     Guard::admin,
     Body::none,
     {.summary = "Delete an account; its personal space becomes a team space of the caller", .status = 204}},
    {"GET",
     "/api/v1/people",
     list_people,
     Guard::signed_in,
     Body::none,
     {.summary = "People to add to a space, by a part of their name", .response = "PersonList", .query = "q"}},
};

}  // namespace

Routes user_routes() { return kRoutes; }

}  // namespace bodega::web
