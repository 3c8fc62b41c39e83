// The access check of every route, and writes from other sites.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "support/api_case.h"
#include "web/api/routes.h"
#include "web/call/route.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

// The pattern with an id in each place.
std::string target_of(const web::Route& route) {
    std::string target(route.pattern);
    for (std::size_t open = target.find('{'); open != target.npos; open = target.find('{')) {
        const std::size_t close = target.find('}', open);
        target.replace(open, close - open + 1, "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }
    return target;
}

std::string body_of(const web::Route& route) { return route.body == web::Body::json ? "{}" : ""; }

// The answer is the same for all callers without valid credentials.
void check_refused(Caller& caller, const web::Route& route) {
    const auto answer = caller(route.method, target_of(route), body_of(route));
    INFO(route.method << " " << route.pattern << "\n" << answer.head << "\n" << answer.body);
    CHECK(answer.status == 401);
    if (route.method != "HEAD") CHECK(answer.json()["code"] == "unauthenticated");
}

}  // namespace

TEST_CASE("only anonymous routes answer without credentials") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller nobody = app.anonymous();
    for (const web::Route& route : web::all_routes())
        if (route.guard != web::Guard::anonymous) check_refused(nobody, route);
}

TEST_CASE("an administrator's routes are closed to members") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    Caller forged = app.anonymous();
    forged.cookie = "bodega=0123456789012345678901234567890123456789012";
    for (const web::Route& route : web::all_routes()) {
        if (route.guard != web::Guard::admin) continue;
        INFO(route.method << " " << route.pattern);
        CHECK(ana(route.method, target_of(route), body_of(route)).status == 403);
        check_refused(forged, route);
    }
}

TEST_CASE("a write with the session cookie has to come from this site") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string target = "/api/v1/sessions";
    auto from = [&](std::string name, test::HttpClient::Fields fields, int status) {
        return test::ApiCase{.name = std::move(name),
                             .method = "DELETE",
                             .target = target,
                             .fields = std::move(fields),
                             .status = status};
    };
    test::run_cases(
        ana,
        {from("its own origin", {{"Origin", "http://files.example"}}, 204),
         from("another case and the implied port", {{"Origin", "http://FILES.example:80"}}, 204),
         from("fetch metadata", {{"Sec-Fetch-Site", "same-origin"}}, 204),
         from("typed by the user", {{"Sec-Fetch-Site", "none"}}, 204),
         from("another site", {{"Origin", "http://evil.example"}}, 403),
         from("a longer name", {{"Origin", "http://files.example.evil.example"}}, 403),
         from("another port", {{"Origin", "http://files.example:8080"}}, 403),
         from("a name before it", {{"Origin", "http://evil-files.example"}}, 403),
         from("a sandbox", {{"Origin", "null"}}, 403), from("a sister site", {{"Sec-Fetch-Site", "same-site"}}, 403),
         from("cross-site", {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://files.example"}}, 403)});
    // No field that tells the origin: a browser always sends one.
    const auto silent = ana.client().send("DELETE", target, {{"Cookie", ana.cookie}});
    CHECK(silent.status == 403);
    CHECK(silent.json()["code"] == "cross_site");
    CHECK(ana("GET", target, "", {{"Origin", "http://evil.example"}}).status ==
          200);  // another site can't read the answer
}

TEST_CASE("a page of another site can't sign its visitors in, or use a remembered password") {
    AppServer app(GENERATE(from_range(test::engines())),
                  [](config::Config& config) { config.app.public_url = "https://files.example.org"; });
    Caller ana = app.person("ana"), anyone = app.anonymous();
    const std::string token = ana("POST", "/api/v1/tokens", R"({"name":"x"})").json()["token"];
    const std::string body = R"({"username":"ana","password":"correct horse battery"})";
    test::run_cases(anyone, {{.name = "sign-in from elsewhere",
                              .method = "POST",
                              .target = "/api/v1/session",
                              .body = body,
                              .fields = {{"Origin", "http://evil.example"}},
                              .status = 403,
                              .forbidden = {"Set-Cookie"}},
                             {.name = "sign-in from the public address",
                              .method = "POST",
                              .target = "/api/v1/session",
                              .body = body,
                              .fields = {{"Origin", "https://files.example.org"}}},
                             {.name = "sign-in by a form",
                              .method = "POST",
                              .target = "/api/v1/session",
                              .body = body,
                              .fields = {{"Content-Type", "text/plain"}},
                              .status = 415},
                             {.name = "Basic from elsewhere",
                              .method = "DELETE",
                              .target = "/api/v1/sessions",
                              .fields = {{"Authorization", "Basic eDp4"}, {"Sec-Fetch-Site", "cross-site"}},
                              .status = 403},
                             {.name = "a script with a token",
                              .method = "POST",
                              .target = "/api/v1/entries/" + app.root_of("ana") + "/folders",
                              .body = R"({"name":"Obra"})",
                              .fields = {{"Authorization", "Bearer " + token}},
                              .status = 201}});
}

}  // namespace bodega
