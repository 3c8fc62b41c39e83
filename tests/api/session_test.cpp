// Signing in and out, and what a credential is worth.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::Caller;
using Fields = test::HttpClient::Fields;

std::string sign_in_body(std::string_view username, std::string_view password) {
    return nlohmann::json({{"username", username}, {"password", password}}).dump();
}

// The part of an answer that does not depend on the request: two refusals must not differ in it.
nlohmann::json without_id(const Answer& answer) {
    auto body = answer.json();
    body.erase("request_id");
    return body;
}

}  // namespace

TEST_CASE("a call for another account than the signed-in one is refused and does nothing") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    app.person("luis");
    const std::string own = app.id_of("ana"), other = app.id_of("luis"), root = app.root_of("ana");
    const std::string folders = "/api/v1/entries/" + root + "/folders";
    run_cases(
        ana,
        {{"reads as itself", "GET", "/api/v1/spaces", "", {{"Bodega-User", own}}, 200},
         {"reads as another",
          "GET",
          "/api/v1/spaces",
          "",
          {{"Bodega-User", other}},
          409,
          {"\"code\":\"wrong_account\"", "\"username\":\"ana\""}},
         {"writes as another", "POST", folders, R"({"name":"a"})", {{"Bodega-User", other}}, 409, {"wrong_account"}},
         {"lists as another",
          "GET",
          "/api/v1/entries/" + root + "/children",
          "",
          {{"Bodega-User", other}},
          409,
          {"wrong_account"}},
         // An entry that only the other account may see is not a 404 to a page of that account.
         {"lists what the other has",
          "GET",
          "/api/v1/entries/" + app.root_of("luis") + "/children",
          "",
          {{"Bodega-User", other}},
          409,
          {"wrong_account"}},
         {"deletes what the other has",
          "DELETE",
          "/api/v1/entries/" + app.root_of("luis"),
          "",
          {{"Bodega-User", other}},
          409,
          {"wrong_account"}},
         {"signs out as another", "DELETE", "/api/v1/session", "", {{"Bodega-User", other}}, 409, {"wrong_account"}},
         {"says nothing that is an id", "GET", "/api/v1/spaces", "", {{"Bodega-User", "ana"}}, 409, {"wrong_account"}},
         {"had nothing done", "GET", "/api/v1/entries/" + root + "/children", "", {}, 200, {"\"items\":[]"}}});
    ana.token = ana("POST", "/api/v1/tokens", R"({"name":"script"})").json()["token"];
    ana.cookie.clear();
    CHECK(ana("GET", "/api/v1/spaces", {}, {{"Bodega-User", other}}).status == 409);
}

TEST_CASE("a sign-out clears the browser's data of this site") {
    AppServer app(db::Dialect::sqlite);
    Caller ana = app.person("ana");
    CHECK(ana("DELETE", "/api/v1/session").field("clear-site-data") == "\"cache\"");
}

TEST_CASE("a session works from sign-in to sign-out, and not after") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const Answer me = ana("GET", "/api/v1/session");
    REQUIRE(me.status == 200);
    CHECK(me.json()["user"]["username"] == "ana");
    CHECK(me.json()["session"]["current"] == true);
    CHECK(me.json()["server"]["password_min_length"] == 10);
    CHECK(me.body.find("argon2") == std::string::npos);
    CHECK(me.body.find(ana.cookie.substr(7)) == std::string::npos);

    const Answer out = ana("DELETE", "/api/v1/session");
    CHECK(out.status == 204);
    CHECK(out.field("content-length").empty());
    CHECK(out.field("set-cookie").find("Max-Age=0") != std::string::npos);
    test::run_cases(ana, {{.name = "the old cookie",
                           .method = "GET",
                           .target = "/api/v1/session",
                           .status = 401,
                           .expected = {"application/problem+json", R"("code":"unauthenticated")", "request_id"}}});
}

TEST_CASE("the session cookie is HttpOnly and Lax, and __Host- under TLS") {
    AppServer app(GENERATE(from_range(test::engines())));
    app.person("ana");
    Caller plain = app.anonymous();
    const std::string cookie = plain.sign_in("ana").cookie("bodega");
    CHECK(cookie.starts_with("bodega="));
    CHECK(cookie.ends_with("; HttpOnly; SameSite=Lax"));
    CHECK(cookie.find("Secure") == std::string::npos);

    Caller tls = app.anonymous();
    const Answer answer = tls("POST", "/api/v1/session", sign_in_body("ana", test::kPassword),
                              {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "files.example"}});
    const std::string secure = answer.cookie("__Host-bodega");
    CHECK(secure.starts_with("__Host-bodega="));
    CHECK(secure.find("; Path=/; ") != std::string::npos);
    CHECK(secure.find("; Secure; HttpOnly; SameSite=Lax") != std::string::npos);

    // Under TLS a cookie that another host of the domain could have set is ignored.
    const std::string value = secure.substr(14, secure.find(';') - 14);
    test::run_cases(tls, {{.name = "plain name under TLS",
                           .method = "GET",
                           .target = "/api/v1/session",
                           .fields = {{"X-Forwarded-Proto", "https"}, {"Cookie", "bodega=" + value}},
                           .status = 401},
                          {.name = "host name under TLS",
                           .method = "GET",
                           .target = "/api/v1/session",
                           .fields = {{"X-Forwarded-Proto", "https"}, {"Cookie", "a=b; __Host-bodega=" + value}}}});
}

TEST_CASE("the session cookie is named after the browser's port, so that servers on one host do not clash") {
    AppServer app(GENERATE(from_range(test::engines())));
    app.person("ana");
    Caller caller = app.anonymous();
    struct Case {
        const char* host;
        const char* scheme;
        const char* name;
    };
    const Case used =
        GENERATE(Case{"files.example:8080", "http", "bodega_8080"}, Case{"[::1]:8081", "http", "bodega_8081"},
                 Case{"files.example:8443", "https", "__Host-bodega_8443"},
                 Case{"files.example:80", "https", "__Host-bodega_80"},
                 Case{"files.example:443", "https", "__Host-bodega"}, Case{"files.example:80", "http", "bodega"},
                 Case{"[::1]", "http", "bodega"}, Case{"files.example:", "http", "bodega"},
                 Case{"files.example:8x", "http", "bodega"}, Case{"files.example:99999", "http", "bodega"});
    INFO(used.host << " " << used.scheme);
    const std::string name = used.name;
    const std::string former = name.starts_with("__Host-") ? "__Host-bodega" : "bodega";
    const Fields host{{"X-Forwarded-Host", used.host}, {"X-Forwarded-Proto", used.scheme}};
    auto with = [&](const std::string& cookies) {
        Fields fields = host;
        fields.emplace_back("Cookie", cookies);
        fields.emplace_back("Sec-Fetch-Site", "same-origin");
        return fields;
    };
    auto value_of = [](const std::string& cookie) {
        return cookie.substr(cookie.find('=') + 1, cookie.find(';') - cookie.find('=') - 1);
    };
    auto is_known = [&](const std::string& cookies) {
        return caller("GET", "/api/v1/session", "", with(cookies)).status == 200;
    };
    const Answer in = caller("POST", "/api/v1/session", sign_in_body("ana", test::kPassword), host);
    REQUIRE(in.status == 200);
    const std::string secret = value_of(in.cookie(name));
    REQUIRE_FALSE(secret.empty());
    CHECK_FALSE(in.cookie(name + "_device").empty());
    // A node of the previous version finds it by the old name; a client that keeps one cookie keeps that one.
    CHECK(value_of(in.cookie(former)) == secret);
    const auto [begin, end] = in.fields.equal_range("set-cookie");
    CHECK(std::prev(end)->second.starts_with(former + "="));

    CHECK(is_known(name + "=" + secret));
    CHECK(is_known(former + "=" + secret));
    if (name != former) CHECK(is_known(former + "=another-server's; " + name + "=" + secret));
    // Signing out keeps another server's cookie.
    const Answer out = caller("DELETE", "/api/v1/session", "", with(former + "=another; " + name + "=" + secret));
    if (name == former) return;
    CHECK(out.status == 204);
    CHECK(out.cookie(name).find("Max-Age=0") != std::string::npos);
    CHECK(out.cookie(former).empty());
    const Answer again = caller("POST", "/api/v1/session", sign_in_body("ana", test::kPassword), host);
    const std::string next = value_of(again.cookie(name));
    const Answer both = caller("DELETE", "/api/v1/session", "", with(former + "=" + next + "; " + name + "=" + next));
    CHECK(both.cookie(former).find("Max-Age=0") != std::string::npos);
}

TEST_CASE("unknown account, wrong password and disabled account get the same answer") {
    AppServer app(GENERATE(from_range(test::engines())));
    app.person("ana");
    app.person("gone");
    Caller root = app.person("root", store::Role::admin);
    REQUIRE(root("PATCH", "/api/v1/users/" + app.id_of("gone"), R"({"disabled":true})").status == 200);
    Caller anyone = app.anonymous();
    const Answer wrong = anyone.sign_in("ana", "not the password");
    const Answer unknown = anyone.sign_in("nobody", "not the password");
    const Answer disabled = anyone.sign_in("gone");
    const Answer impossible = anyone.sign_in("a/b", "not the password");
    CHECK(wrong.status == 401);
    CHECK(wrong.field("set-cookie").empty());
    for (const Answer* other : {&unknown, &disabled, &impossible}) {
        CHECK(other->status == 401);
        CHECK(without_id(*other) == without_id(wrong));
    }
    CHECK(anyone.sign_in("ANA").status == 200);  // one account, however it is written
}

TEST_CASE("a successful sign-in clears the account's failures") {
    AppServer app(GENERATE(from_range(test::engines())), [](config::Config& config) { config.accounts.attempts = 3; });
    app.person("ana");
    Caller caller = app.anonymous();
    for (int round = 0; round < 3; ++round) {
        CHECK(caller.sign_in("ana", "wrong password").status == 401);
        CHECK(caller.sign_in("ana", "wrong password").status == 401);
        CHECK(caller.sign_in("ana").status == 200);
    }
}

TEST_CASE("sessions are listed, and ended one by one or all others at once") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller first = app.person("ana"), second = app.anonymous(), third = app.anonymous(), eve = app.person("eve");
    second.sign_in("ana");
    third.sign_in("ana");
    const auto list = first("GET", "/api/v1/sessions").json();
    REQUIRE(list["items"].size() == 3);
    CHECK(list["next_cursor"].is_null());
    std::string other;
    for (const auto& item : list["items"])
        if (item["id"] == second("GET", "/api/v1/session").json()["session"]["id"]) other = item["id"];
    CHECK(eve("DELETE", "/api/v1/sessions/" + other).status == 404);  // not her session
    CHECK(first("DELETE", "/api/v1/sessions/" + other).status == 204);
    CHECK(second("GET", "/api/v1/session").status == 401);
    CHECK(first("DELETE", "/api/v1/sessions/" + other).status == 404);
    CHECK(first("DELETE", "/api/v1/sessions").status == 204);
    CHECK(third("GET", "/api/v1/session").status == 401);
    CHECK(first("GET", "/api/v1/session").status == 200);
}

TEST_CASE("a new password ends the other sessions and keeps the tokens") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), other = app.anonymous(), script = app.anonymous();
    other.sign_in("ana");
    script.token = ana("POST", "/api/v1/tokens", R"({"name":"script"})").json()["token"];
    test::run_cases(ana, {{.name = "wrong current one",
                           .method = "PUT",
                           .target = "/api/v1/password",
                           .body = R"({"current_password":"nope nope nope","new_password":"another long one"})",
                           .status = 403},
                          {.name = "too short",
                           .method = "PUT",
                           .target = "/api/v1/password",
                           .body = R"({"current_password":"correct horse battery","new_password":"short"})",
                           .status = 400,
                           .expected = {"at least 10 characters"}},
                          {.name = "changed",
                           .method = "PUT",
                           .target = "/api/v1/password",
                           .body = R"({"current_password":"correct horse battery","new_password":"another long one"})",
                           .status = 204}});
    CHECK(other("GET", "/api/v1/session").status == 401);
    CHECK(ana("GET", "/api/v1/session").status == 200);
    CHECK(script("GET", "/api/v1/session").status == 200);
    CHECK(other.sign_in("ana").status == 401);
    CHECK(other.sign_in("ana", "another long one").status == 200);
    // A token must not be able to take the account over.
    test::run_cases(script, {{.name = "password by token",
                              .method = "PUT",
                              .target = "/api/v1/password",
                              .body = R"({"current_password":"another long one","new_password":"a third long one"})",
                              .status = 403}});
}

TEST_CASE("a new password ends the tokens on request") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), script = app.anonymous();
    script.token = ana("POST", "/api/v1/tokens", R"({"name":"script"})").json()["token"];
    CHECK(ana("PUT", "/api/v1/password",
              R"({"current_password":"correct horse battery","new_password":"another long one","end_tokens":true})")
              .status == 204);
    CHECK(script("GET", "/api/v1/session").status == 401);
}

TEST_CASE("a disabled account's sessions and tokens stop at once") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana"), script = app.anonymous(), root = app.person("root", store::Role::admin);
    script.token = ana("POST", "/api/v1/tokens", R"({"name":"script"})").json()["token"];
    const std::string target = "/api/v1/users/" + app.id_of("ana");
    CHECK(root("PATCH", target, R"({"disabled":true})").json()["disabled"] == true);
    CHECK(ana("GET", "/api/v1/session").status == 401);
    CHECK(script("GET", "/api/v1/session").status == 401);
    CHECK(root("PATCH", target, R"({"disabled":false})").status == 200);
    CHECK(ana("GET", "/api/v1/session").status == 401);     // the session is gone for good
    CHECK(script("GET", "/api/v1/session").status == 401);  // and so is the token
}

TEST_CASE("a session expires after its lifetime without use") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const db::Sql age{"test.age", "UPDATE sessions SET last_seen_at = last_seen_at - ?, expires_at = expires_at - ?"};
    const db::Sql left{"test.left", "SELECT expires_at - {now} FROM sessions"};
    constexpr std::int64_t kDay = 24LL * 3600 * 1000;
    app.catalog().execute(age, {kDay, kDay});
    CHECK(ana("GET", "/api/v1/session").status == 200);
    CHECK(app.catalog().number(left) > 30 * kDay - 60 * 1000);  // a use extended it
    app.catalog().execute(age, {0, 60 * 1000});
    const std::int64_t before = app.catalog().number(left);
    CHECK(ana("GET", "/api/v1/session").status == 200);
    CHECK(app.catalog().number(left) <= before);  // but not at each call
    app.catalog().execute(age, {31 * kDay, 31 * kDay});
    CHECK(ana("GET", "/api/v1/session").status == 401);
}

}  // namespace bodega
