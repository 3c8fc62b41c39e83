// The first run: there is no default password, so a one-time token creates the first administrator.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>

#include "app/auth/accounts.h"
#include "app/auth/setup.h"
#include "base/error.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::AppServer;
using test::Caller;

std::string setup_body(const std::string& token, std::string_view username) {
    return nlohmann::json({{"token", token}, {"username", username}, {"password", test::kPassword}}).dump();
}

struct FreshApp {
    explicit FreshApp(db::Dialect engine) : app(engine), passwords(app.services().config.accounts) {}
    app::Setup setup() { return {app.services(), passwords}; }

    AppServer app;
    app::Passwords passwords;
};

}  // namespace

TEST_CASE("a set-up token makes the first administrator, once") {
    FreshApp fresh(GENERATE(from_range(test::engines())));
    Caller browser = fresh.app.anonymous();
    CHECK(browser("GET", "/api/v1/setup").json()["needed"] == true);
    const auto first = fresh.setup().issue(), second = fresh.setup().issue();  // two nodes print one each
    REQUIRE(first);
    REQUIRE(second);
    test::run_cases(browser,
                    {{.name = "wrong token",
                      .method = "POST",
                      .target = "/api/v1/setup",
                      .body = setup_body("wrong", "x"),
                      .status = 403},
                     {.name = "short password",
                      .method = "POST",
                      .target = "/api/v1/setup",
                      .body = R"({"token":")" + *first + R"(","username":"ana","password":"short"})",
                      .status = 400},
                     {.name = "bad name",
                      .method = "POST",
                      .target = "/api/v1/setup",
                      .body = setup_body(*first, "a b"),
                      .status = 400,
                      .expected = {"letters, digits"}},
                     {.name = "right token",
                      .method = "POST",
                      .target = "/api/v1/setup",
                      .body = setup_body(*first, "ana"),
                      .status = 201,
                      .expected = {"Set-Cookie: bodega=", R"("role":"admin")", R"("current":true)"},
                      .forbidden = {"argon2", *first, R"("last_seen_at":null)"}},  // it is a sign-in, too
                     {.name = "again",
                      .method = "POST",
                      .target = "/api/v1/setup",
                      .body = setup_body(*first, "eve"),
                      .status = 410},
                     {.name = "the other token",
                      .method = "POST",
                      .target = "/api/v1/setup",
                      .body = setup_body(*second, "eve"),
                      .status = 410},
                     {.name = "done", .method = "GET", .target = "/api/v1/setup", .expected = {R"("needed":false)"}}});
    CHECK_FALSE(fresh.setup().issue());
    CHECK(browser.sign_in("ana").status == 200);
    const auto spaces = browser("GET", "/api/v1/spaces").json()["items"];
    REQUIRE(spaces.size() == 1);
    CHECK(spaces[0]["kind"] == "personal");
    CHECK(spaces[0]["role"] == "manager");
}

TEST_CASE("a set-up token ends after its time") {
    FreshApp fresh(GENERATE(from_range(test::engines())));
    const auto token = fresh.setup().issue();
    const db::Sql age{"test.age", "UPDATE setup_tokens SET expires_at = {now} - 1"};
    fresh.app.catalog().execute(age);
    Caller browser = fresh.app.anonymous();
    CHECK(browser("POST", "/api/v1/setup", setup_body(*token, "ana")).status == 403);
    CHECK(fresh.setup().is_needed());
}

TEST_CASE("of two concurrent set-ups one makes the administrator") {
    FreshApp fresh(GENERATE(from_range(test::engines())));
    const auto first = fresh.setup().issue(), second = fresh.setup().issue();
    int statuses[2] = {};
    {
        std::jthread one([&] {
            Caller caller = fresh.app.anonymous();
            statuses[0] = caller("POST", "/api/v1/setup", setup_body(*first, "ana")).status;
        });
        std::jthread two([&] {
            Caller caller = fresh.app.anonymous();
            statuses[1] = caller("POST", "/api/v1/setup", setup_body(*second, "eve")).status;
        });
    }
    CHECK(statuses[0] + statuses[1] == 201 + 410);
    const db::Sql admins{"test.admins", "SELECT COUNT(*) FROM users"};
    CHECK(fresh.app.catalog().number(admins) == 1);
}

TEST_CASE("guessing set-up tokens is slowed down") {
    FreshApp fresh(GENERATE(from_range(test::engines())));
    fresh.setup().issue();
    int status = 0;
    for (int i = 0; i < 11; ++i) {
        Caller caller = fresh.app.anonymous();
        status = caller("POST", "/api/v1/setup", setup_body("guess", "ana"), {{"X-Forwarded-For", "192.0.2.9"}}).status;
    }
    CHECK(status == 429);
}

TEST_CASE("an unattended start makes the administrator once, without a default password") {
    FreshApp fresh(GENERATE(from_range(test::engines())));
    CHECK_THROWS_AS(fresh.setup().create_admin("ana", "short"), base::Error);
    CHECK(fresh.setup().create_admin("ana", test::kPassword));
    CHECK_FALSE(fresh.setup().create_admin("eve", test::kPassword));
    Caller ana = fresh.app.anonymous();
    CHECK(ana.sign_in("ana").json()["user"]["role"] == "admin");
}

}  // namespace bodega
