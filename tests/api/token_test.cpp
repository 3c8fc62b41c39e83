// API tokens, and where a credential may be.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

std::string basic(const std::string& name, const std::string& password) {
    return "Basic " + base::base64(base::as_bytes(name + ":" + password));
}

}  // namespace

TEST_CASE("a token is shown once, works until it is revoked, and never longer") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), eve = app.person("eve"), script = app.anonymous();
    const auto made = ana("POST", "/api/v1/tokens", R"({"name":" back-up script "})").json();
    const std::string secret = made["token"], id = made["id"];
    CHECK(secret.starts_with("bdg_"));
    CHECK(secret.size() == 47);
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

TEST_CASE("a token ends at its time") {
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

TEST_CASE("what a token may be called") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string target = "/api/v1/tokens";
    test::run_cases(ana,
                    {{.name = "no name",
                      .method = "POST",
                      .target = target,
                      .body = "{}",
                      .status = 400,
                      .expected = {R"(the field \"name\" is missing)"}},
                     {.name = "empty", .method = "POST", .target = target, .body = R"({"name":"  "})", .status = 400},
                     {.name = "not text",
                      .method = "POST",
                      .target = target,
                      .body = R"({"name":7})",
                      .status = 400,
                      .expected = {R"(the field \"name\" must be text)"}},
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

TEST_CASE("a credential counts in its header and nowhere else") {
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
    // A wrong Authorization is not mended by a cookie beside it.
    test::run_cases(ana, {with("beside a cookie", "Bearer bdg_wrong", 401)});
    test::run_cases(anyone, {{.name = "token as cookie",
                              .method = "GET",
                              .target = target,
                              .fields = {{"Cookie", "bodega=" + token}},
                              .status = 401}});
}

TEST_CASE("browsers are not asked for a password by a dialogue of their own") {
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
