// Calls from pages of other origins: which are allowed, with which credential, and what the page may read.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;
using Fields = test::HttpClient::Fields;

constexpr const char* kPortal = "https://portal.example.org";

void allow_portal(config::Config& config) { config.app.allowed_origins = {kPortal, "http://localhost:3000"}; }

std::string encoded(std::string_view text) {
    return base::base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Fields from(std::string origin, Fields more = {}) {
    more.emplace_back("Origin", std::move(origin));
    more.emplace_back("Sec-Fetch-Site", "cross-site");
    return more;
}

}  // namespace

TEST_CASE("other origins may read answers only if they are listed") {
    AppServer app(test::engines().front());
    Caller anyone = app.anonymous();
    test::run_cases(anyone, {{.name = "an answer",
                              .method = "GET",
                              .target = "/api/v1/openapi.json",
                              .fields = from(kPortal),
                              .forbidden = {"Access-Control", "Vary"}},
                             {.name = "a preflight",
                              .method = "OPTIONS",
                              .target = "/api/v1/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV",
                              .fields = from(kPortal, {{"Access-Control-Request-Method", "PATCH"}}),
                              .status = 204,
                              .forbidden = {"Access-Control"}}});
}

TEST_CASE("an origin is allowed by its exact text, on the API only") {
    AppServer app(GENERATE(from_range(test::engines())), allow_portal);
    Caller anyone = app.anonymous();
    for (const char* origin : {kPortal, "http://localhost:3000"}) {
        test::run_cases(anyone, {{.name = origin,
                                  .method = "GET",
                                  .target = "/api/v1/openapi.json",
                                  .fields = from(origin),
                                  .expected = {std::string("Access-Control-Allow-Origin: ") + origin + "\r\n",
                                               "Vary: Origin\r\n", "Upload-Offset", "Bodega-Entry-Id"},
                                  .forbidden = {"Allow-Credentials"}}});
    }
    for (const char* origin :
         {"http://portal.example.org", "https://portal.example.org:8443", "https://portal.example.org.evil.example",
          "https://evil-portal.example.org", "HTTPS://portal.example.org", "https://portal.example.org/", "null", "*",
          "http://localhost", "https://portal.example.org https://evil.example"}) {
        test::run_cases(anyone, {{.name = origin,
                                  .method = "GET",
                                  .target = "/api/v1/openapi.json",
                                  .fields = from(origin),
                                  .expected = {"Vary: Origin\r\n"},
                                  .forbidden = {"Access-Control"}}});
    }
    test::run_cases(anyone, {{.name = "a page of the site's own",
                              .method = "GET",
                              .target = "/readyz",
                              .fields = from(kPortal),
                              .status = 200,
                              .forbidden = {"Access-Control"}},
                             {.name = "two origins",
                              .method = "GET",
                              .target = "/api/v1/openapi.json",
                              .fields = from(kPortal, {{"Origin", "https://evil.example"}}),
                              .forbidden = {"Access-Control"}}});
}

TEST_CASE("a preflight lists the methods of each path") {
    AppServer app(test::engines().front(), allow_portal);
    Caller anyone = app.anonymous();
    const Fields asked = from(kPortal, {{"Access-Control-Request-Method", "PATCH"},
                                        {"Access-Control-Request-Headers", "authorization,tus-resumable"}});
    for (const char* target : {"/api/v1/uploads", "/api/v1/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV",
                               "/api/v1/entries/01ARZ3NDEKTSV4RRFFQ69G5FAV/files/a.txt", "/api/v1/session"}) {
        test::run_cases(anyone, {{.name = target,
                                  .method = "OPTIONS",
                                  .target = target,
                                  .fields = asked,
                                  .status = 204,
                                  .expected = {"Access-Control-Allow-Origin: https://portal.example.org\r\n",
                                               "Access-Control-Allow-Methods: ", "Authorization", "Tus-Resumable",
                                               "Upload-Metadata", "Access-Control-Max-Age: 600\r\n"},
                                  .forbidden = {"Allow-Credentials"}}});
    }
    test::run_cases(
        anyone,
        {{.name = "of an upload",
          .method = "OPTIONS",
          .target = "/api/v1/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV",
          .fields = asked,
          .status = 204,
          .expected = {"PATCH", "DELETE", "HEAD"}},
         {.name = "of nothing", .method = "OPTIONS", .target = "/api/v1/nothing", .fields = asked, .status = 404},
         {.name = "tus asks without being a preflight",
          .method = "OPTIONS",
          .target = "/api/v1/uploads",
          .fields = from(kPortal),
          .status = 204,
          .expected = {"Tus-Version: 1.0.0", "Access-Control-Allow-Origin: "}}});
}

TEST_CASE("a page of another origin is authenticated only by its Bearer token") {
    AppServer app(GENERATE(from_range(test::engines())), allow_portal);
    Caller ana = app.person("ana"), anyone = app.anonymous();
    const std::string token = ana("POST", "/api/v1/tokens", R"({"name":"portal"})").json()["token"];
    auto with = [&](std::string name, Fields fields, int status) {
        return test::ApiCase{.name = std::move(name),
                             .method = "GET",
                             .target = "/api/v1/spaces",
                             .fields = from(kPortal, std::move(fields)),
                             .status = status,
                             .expected = {"Access-Control-Allow-Origin: https://portal.example.org\r\n"},
                             .forbidden = {"Set-Cookie", "Allow-Credentials"}};
    };
    test::run_cases(
        anyone,
        {with("a token", {{"Authorization", "Bearer " + token}}, 200), with("a cookie", {{"Cookie", ana.cookie}}, 401),
         with("Basic", {{"Authorization", "Basic " + encoded("x:" + token)}}, 401), with("nothing", {}, 401)});
    test::run_cases(
        anyone,
        {{.name = "a write by token",
          .method = "POST",
          .target = "/api/v1/entries/" + app.root_of("ana") + "/folders",
          .body = R"({"name":"by the portal"})",
          .fields = from(kPortal, {{"Authorization", "Bearer " + token}}),
          .status = 201,
          .expected = {"Access-Control-Allow-Origin: "}},
         {.name = "a write by cookie",
          .method = "POST",
          .target = "/api/v1/entries/" + app.root_of("ana") + "/folders",
          .body = R"({"name":"by a cookie"})",
          .fields = from(kPortal, {{"Cookie", ana.cookie}}),
          .status = 403},
         {.name = "signing in",
          .method = "POST",
          .target = "/api/v1/session",
          .body = R"({"username":"ana","password":"correct horse battery"})",
          .fields = from(kPortal),
          .status = 403,
          .forbidden = {"Set-Cookie"}},
         {.name = "an upload",
          .method = "POST",
          .target = "/api/v1/uploads",
          .fields = from(kPortal, {{"Authorization", "Bearer " + token},
                                   {"Tus-Resumable", "1.0.0"},
                                   {"Upload-Length", "5"},
                                   {"Upload-Metadata",
                                    "parent_id " + encoded(app.root_of("ana")) + ",filename " + encoded("a.txt")}}),
          .status = 201,
          .expected = {"Location: ", "Access-Control-Expose-Headers: Location", "Access-Control-Allow-Origin: "}}});
    const auto refused = anyone("GET", "/api/v1/spaces", "", from(kPortal));
    CHECK(refused.field("access-control-allow-origin") == kPortal);  // so that the page can say why
    CHECK(refused.json()["code"] == "unauthenticated");
    // The site's own pages keep their session, named or not.
    test::run_cases(ana, {{.name = "its own page",
                           .method = "GET",
                           .target = "/api/v1/spaces",
                           .fields = {{"Origin", "http://files.example"}, {"Sec-Fetch-Site", "same-origin"}},
                           .status = 200,
                           .forbidden = {"Access-Control"}}});
}

}  // namespace bodega
