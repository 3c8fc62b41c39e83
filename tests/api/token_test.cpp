// API tokens, and where a credential may be sent.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "blobs/digest.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::Caller;

std::string basic(const std::string& name, const std::string& password) {
    return "Basic " + base::base64(base::as_bytes(name + ":" + password));
}

}  // namespace

TEST_CASE("a token is shown once, and works until it is revoked") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), eve = app.person("eve"), script = app.anonymous();
    const auto made = ana("POST", "/api/v1/tokens", R"({"name":" back-up script "})").json();
    const std::string secret = made["token"], id = made["id"];
    CHECK(secret.starts_with("bdg_write_"));
    CHECK(secret.size() == 53);
    CHECK(made["scope"] == "write");
    CHECK(made["name"] == "back-up script");
    CHECK(made["expires_at"].is_null());
    script.token = secret;
    CHECK(script("GET", "/api/v1/session").json()["session"].is_null());
    const auto list = ana("GET", "/api/v1/tokens");
    CHECK(list.json()["items"][0]["last_used_at"].is_number());
    CHECK(list.body.find(secret) == std::string::npos);
    CHECK(eve("GET", "/api/v1/tokens").json()["items"].empty());
    CHECK(eve("DELETE", "/api/v1/tokens/" + id).status == 404);
    CHECK(script("POST", "/api/v1/tokens", R"({"name":"another"})").status == 403);
    CHECK(ana("DELETE", "/api/v1/tokens/" + id).status == 204);
    CHECK(script("GET", "/api/v1/session").status == 401);
    const db::Sql plain{"test.plain", "SELECT COUNT(*) FROM tokens WHERE hash = ?"};
    CHECK(app.catalog().number(plain, {secret}) == 0);
}

TEST_CASE("a token is limited by its scope and by its account's rights") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana");
    const std::string folders = "/api/v1/entries/" + app.root_of("root") + "/folders";
    auto script = [&](Caller& owner, const std::string& scope) {
        Caller caller = app.anonymous();
        caller.token = owner("POST", "/api/v1/tokens", R"({"name":"x","scope":")" + scope + "\"}").json()["token"];
        return caller;
    };
    int made = 0;
    for (const std::string scope : {"read", "write", "admin"}) {
        INFO(scope);
        Caller token = script(root, scope);
        const bool writes = scope != "read", administers = scope == "admin";
        CHECK(token("GET", "/api/v1/spaces").status == 200);
        const Answer folder = token("POST", folders, R"({"name":"F)" + std::to_string(++made) + "\"}");
        CHECK(folder.status == (writes ? 201 : 403));
        if (!writes)
            CHECK(folder.field("www-authenticate").find(R"(error="insufficient_scope", scope="write")") !=
                  std::string::npos);
        CHECK(token("GET", "/api/v1/users").status == (administers ? 200 : 403));
        CHECK(token("GET", "/api/v1/audit").status == (administers ? 200 : 403));
        CHECK(token("POST", "/api/v1/spaces", R"({"name":"S"})").status == (administers ? 201 : 403));
    }
    Caller members = script(ana, "admin");
    CHECK(members("GET", "/api/v1/spaces").status == 200);
    CHECK(members("GET", "/api/v1/users").status == 403);
    CHECK(root("POST", "/api/v1/tokens", R"({"name":"x","scope":"all"})").status == 400);
}

TEST_CASE("a token of a version without scopes has its account's rights; a scoped one is unknown to that version") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), script = app.anonymous();
    // The row as that version writes it.
    const std::string old = "bdg_read_34567890123456789012345678901234567890abc";
    REQUIRE(old.size() == 50);
    const std::string secret = old.substr(0, 47);
    const db::Sql insert{"test.insert",
                         "INSERT INTO tokens (id, hash, user_id, name, created_at) VALUES (?, ?, ?, 'old', {now})"};
    const auto id = base::Ulid::make(), owner = *base::Ulid::parse(app.id_of("root"));
    app.catalog().execute(insert, {id, db::Blob{blobs::sha256(base::as_bytes(secret))}, owner});
    script.token = secret;
    CHECK(script("GET", "/api/v1/users").status == 200);
    const std::string scoped = root("POST", "/api/v1/tokens", R"({"name":"x","scope":"read"})").json()["token"];
    const db::Sql known{"test.known", "SELECT COUNT(*) FROM tokens WHERE hash = ?"};
    CHECK(app.catalog().number(known, {db::Blob{blobs::sha256(base::as_bytes(scoped))}}) == 0);
}

TEST_CASE("an administrator lists and ends another account's tokens and sessions") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana"), eve = app.person("eve");
    const std::string target = "/api/v1/users/" + app.id_of("ana");
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) ids.push_back(ana("POST", "/api/v1/tokens", R"({"name":"x"})").json()["id"]);
    const Answer list = root("GET", target + "/tokens");
    CHECK(list.json()["items"].size() == 3);
    CHECK(list.body.find("bdg_") == std::string::npos);
    CHECK(eve("GET", target + "/tokens").status == 403);
    CHECK(eve("DELETE", target + "/tokens").status == 403);
    CHECK(root("DELETE", target + "/tokens/" + ids[0]).status == 204);
    CHECK(root("DELETE", target + "/tokens/" + ids[0]).status == 404);
    CHECK(root("DELETE", "/api/v1/users/" + app.id_of("eve") + "/tokens/" + ids[1]).status == 404);  // not eve's
    CHECK(root("DELETE", target + "/tokens").status == 204);
    CHECK(ana("GET", "/api/v1/tokens").json()["items"].empty());
    Caller second = app.anonymous();
    second.sign_in("ana");
    const auto sessions = root("GET", target + "/sessions").json()["items"];
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[0]["current"] == false);
    CHECK(root("DELETE", target + "/sessions/" + sessions[0]["id"].get<std::string>()).status == 204);
    CHECK((ana("GET", "/api/v1/session").status == 401) != (second("GET", "/api/v1/session").status == 401));
    CHECK(root("DELETE", target + "/sessions").status == 204);
    CHECK(second("GET", "/api/v1/session").status == 401);
    CHECK(ana("GET", "/api/v1/session").status == 401);
    CHECK(root("GET", "/api/v1/users/01ARZ3NDEKTSV4RRFFQ69G5FAV/tokens").status == 404);
}

TEST_CASE("a password reset reports what it ended") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), ana = app.person("ana"), script = app.anonymous();
    const std::string target = "/api/v1/users/" + app.id_of("ana");
    script.token = ana("POST", "/api/v1/tokens", R"({"name":"x"})").json()["token"];
    const auto ended = root("PATCH", target, R"({"password":"another long one"})").json()["ended"];
    CHECK(ended["sessions"] == 1);
    CHECK(ended["tokens"] == 1);
    CHECK(script("GET", "/api/v1/session").status == 401);
    CHECK(root("PATCH", target, R"({"quota_bytes":5})").json()["ended"]["tokens"] == 0);
}

TEST_CASE("a token does not change its own account") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller root = app.person("root", store::Role::admin), script = app.anonymous();
    app.person("second", store::Role::admin);
    const std::string me = "/api/v1/users/" + app.id_of("root");
    const auto made = root("POST", "/api/v1/tokens", R"({"name":"x","scope":"admin"})").json();
    script.token = made["token"];
    const std::string id = made["id"];
    struct Try {
        const char* method;
        std::string target, body;
    };
    for (const Try& one : {Try{"PATCH", me, R"({"password":"another long one"})"},
                           Try{"PATCH", me, R"({"role":"member"})"}, Try{"PATCH", me, R"({"disabled":true})"},
                           Try{"POST", "/api/v1/tokens", R"({"name":"y"})"}, Try{"DELETE", "/api/v1/tokens/" + id, ""},
                           Try{"DELETE", me + "/tokens/" + id, ""}, Try{"DELETE", me + "/tokens", ""},
                           Try{"DELETE", me + "/sessions", ""}, Try{"DELETE", "/api/v1/sessions", ""}}) {
        INFO(one.method << " " << one.target << " " << one.body);
        CHECK(script(one.method, one.target, one.body).status == 403);
    }
    CHECK(root("GET", "/api/v1/session").status == 200);
    CHECK(script("PATCH", "/api/v1/users/" + app.id_of("second"), R"({"quota_bytes":5})").status == 200);
}

TEST_CASE("two Authorization fields authenticate nobody") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), anyone = app.anonymous();
    const std::string token =
        "Bearer " + ana("POST", "/api/v1/tokens", R"({"name":"x"})").json()["token"].get<std::string>();
    for (const std::string& other : {token, std::string("Bearer x"), std::string("Basic eDp5")})
        CHECK(anyone("GET", "/api/v1/spaces", "", {{"Authorization", token}, {"authorization", other}}).status == 400);
}

TEST_CASE("a token expires at its time") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), script = app.anonymous();
    const std::string soon = std::to_string(base::now_ms() + 3600 * 1000);
    const auto made = ana("POST", "/api/v1/tokens", R"({"name":"x","expires_at":)" + soon + "}").json();
    script.token = made["token"];
    CHECK(script("GET", "/api/v1/spaces").status == 200);
    const db::Sql age{"test.age", "UPDATE tokens SET expires_at = {now} - 1"};
    app.catalog().execute(age);
    CHECK(script("GET", "/api/v1/spaces").status == 401);
}

TEST_CASE("malformed token names are refused") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string target = "/api/v1/tokens";
    test::run_cases(ana,
                    {{.name = "no name",
                      .method = "POST",
                      .target = target,
                      .body = "{}",
                      .status = 400,
                      .expected = {R"(The field \"name\" is missing)"}},
                     {.name = "empty", .method = "POST", .target = target, .body = R"({"name":"  "})", .status = 400},
                     {.name = "not text",
                      .method = "POST",
                      .target = target,
                      .body = R"({"name":7})",
                      .status = 400,
                      .expected = {R"(The field \"name\" must be text)"}},
                     {.name = "long",
                      .method = "POST",
                      .target = target,
                      .body = R"({"name":")" + std::string(101, 'x') + R"("})",
                      .status = 400},
                     {.name = "control characters",
                      .method = "POST",
                      .target = target,
                      .body = R"({"name":"a\u0007b"})",
                      .status = 400},
                     {.name = "in the past",
                      .method = "POST",
                      .target = target,
                      .body = R"({"name":"x","expires_at":1})",
                      .status = 400,
                      .expected = {"expires_at"}},
                     {.name = "a fraction",
                      .method = "POST",
                      .target = target,
                      .body = R"({"name":"x","expires_at":1.5})",
                      .status = 400}});
}

TEST_CASE("a credential counts only in its header") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), anyone = app.anonymous();
    const std::string token = ana("POST", "/api/v1/tokens", R"({"name":"x"})").json()["token"];
    const std::string secret = ana.cookie.substr(7);
    const std::string target = "/api/v1/session";
    auto with = [&](std::string name, std::string authorization, int status) {
        return test::ApiCase{.name = std::move(name),
                             .method = "GET",
                             .target = target,
                             .fields = {{"Authorization", std::move(authorization)}},
                             .status = status};
    };
    test::run_cases(anyone, {with("bearer", "Bearer " + token, 200), with("any case", "bEARER " + token, 200),
                             with("basic", basic("ana", token), 200), with("basic, any name", basic("", token), 200),
                             with("the password is no token", basic("ana", test::kPassword), 401),
                             with("the cookie's secret is no token", "Bearer " + secret, 401),
                             with("basic without a colon", "Basic " + base::base64(base::as_bytes(token)), 401),
                             with("not base64", "Basic !!", 401), with("another scheme", "Digest " + token, 401),
                             with("nothing", "Bearer ", 401), with("long", "Bearer " + std::string(5000, 'x'), 401)});
    for (const char* query : {"token=", "access_token=", "bodega=", "authorization=Bearer%20"}) {
        test::run_cases(anyone, {{.name = query,
                                  .method = "GET",
                                  .target = target + "?" + query + token,
                                  .status = 401,
                                  .forbidden = {token}}});
    }
    // A valid cookie does not make up for a wrong Authorization.
    test::run_cases(ana, {with("beside a cookie", "Bearer bdg_wrong", 401)});
    test::run_cases(anyone, {{.name = "token as cookie",
                              .method = "GET",
                              .target = target,
                              .fields = {{"Cookie", "bodega=" + token}},
                              .status = 401}});
}

TEST_CASE("browsers do not show their own password dialogue") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller anyone = app.anonymous();
    test::run_cases(anyone, {{.name = "a script",
                              .method = "GET",
                              .target = "/api/v1/spaces",
                              .status = 401,
                              .expected = {"WWW-Authenticate: Bearer realm=\"bodega\"\r\n",
                                           "WWW-Authenticate: Basic realm=\"bodega\", charset=\"UTF-8\"\r\n"}},
                             {.name = "a browser",
                              .method = "GET",
                              .target = "/api/v1/spaces",
                              .fields = {{"User-Agent", "Mozilla/5.0"}},
                              .status = 401,
                              .expected = {"Bearer realm"},
                              .forbidden = {"Basic"}},
                             {.name = "fetch",
                              .method = "GET",
                              .target = "/api/v1/spaces",
                              .fields = {{"Sec-Fetch-Mode", "cors"}},
                              .status = 401,
                              .forbidden = {"Basic"}}});
}

}  // namespace bodega
