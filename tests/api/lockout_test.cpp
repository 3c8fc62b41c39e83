// Failed sign-ins: which clients they lock out, and which not.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/auth/account_credentials.h"
#include "app/auth/accounts.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using test::Answer;
using test::AppServer;
using test::Caller;

constexpr const char* kWrong = "wrong password";

// 3 per account and network, 30 per network, and 30 per account in an hour.
void few(config::Config& config) { config.accounts.attempts = 3; }

// Sign-ins from any address, with or without a device's cookie.
class Networks {
public:
    explicit Networks(AppServer& app) : app_(app) {}

    Answer sign_in(std::string_view username, std::string address, std::string_view password = test::kPassword,
                   const std::string& device = {}) {
        Caller caller = app_.anonymous();
        test::HttpClient::Fields fields = {{"X-Forwarded-For", std::move(address)}};
        if (!device.empty()) {
            fields.emplace_back("Cookie", device);
            fields.emplace_back("Origin", "http://files.example");
        }
        const nlohmann::json body = {{"username", username}, {"password", password}};
        return caller("POST", "/api/v1/session", body.dump(), std::move(fields));
    }
    int fail(std::string_view username, std::string address, const std::string& device = {}) {
        return sign_in(username, std::move(address), kWrong, device).status;
    }

private:
    AppServer& app_;
};

// "bodega_device=…" of an answer.
std::string device_of(const Answer& answer) {
    const auto [first, last] = answer.fields.equal_range("set-cookie");
    for (auto at = first; at != last; ++at)
        if (at->second.starts_with("bodega_device=")) return at->second.substr(0, at->second.find(';'));
    return {};
}

std::int64_t count(AppServer& app, std::string_view action) {
    const db::Sql sql{"test.actions", "SELECT COUNT(*) FROM audit WHERE action = ?"};
    return app.catalog().number(sql, {action});
}

}  // namespace

TEST_CASE("failures from one network lock only that network out of the account") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    app.person("maria");
    Networks networks(app);
    for (int i = 0; i < 3; ++i) CHECK(networks.fail("ana", "192.0.2.1") == 401);
    const Answer refused = networks.sign_in("ana", "192.0.2.1");  // even the right one
    CHECK(refused.status == 429);
    CHECK(std::stoi(refused.field("retry-after")) > 0);
    CHECK(std::stoi(refused.field("retry-after")) <= 15 * 60);
    CHECK(refused.json()["code"] == "throttled");
    CHECK(networks.sign_in("ana", "192.0.2.2").status == 200);
    CHECK(networks.sign_in("maria", "192.0.2.1").status == 200);
    for (int i = 0; i < 3; ++i) CHECK(networks.fail("maria", "2001:db8::1") == 401);
    CHECK(networks.sign_in("maria", "2001:db8::2").status == 429);  // the same /64
    CHECK(networks.sign_in("maria", "2001:db8:0:1::2").status == 200);
}

TEST_CASE("a network has its own limit over all accounts") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    Networks networks(app);
    for (int i = 0; i < 30; ++i)
        CHECK(networks.fail((i == 7 ? "no/name" : "x") + std::to_string(i), "192.0.2.1") == 401);
    CHECK(networks.fail("y", "192.0.2.1") == 429);
    CHECK(networks.sign_in("ana", "192.0.2.1").status == 429);
    CHECK(networks.sign_in("ana", "::ffff:192.0.2.1").status == 429);
    CHECK(networks.sign_in("ana", "192.0.2.2").status == 200);
}

TEST_CASE("a known device is locked out only by its own failures") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    Networks networks(app);
    const Answer first = networks.sign_in("ana", "192.0.2.1");
    const std::string device = device_of(first);
    REQUIRE(device.size() > 40);
    CHECK_FALSE(first.cookie("bodega").empty());
    for (int i = 0; i < 3; ++i) CHECK(networks.fail("ana", "192.0.2.1") == 401);
    for (int i = 0; i < 27; ++i) CHECK(networks.fail("x" + std::to_string(i), "192.0.2.1") == 401);
    CHECK(networks.sign_in("ana", "192.0.2.1").status == 429);
    const Answer known = networks.sign_in("ana", "192.0.2.1", test::kPassword, device);
    CHECK(known.status == 200);
    CHECK(device_of(known) == device);
    for (int i = 0; i < 3; ++i) CHECK(networks.fail("ana", "192.0.2.7", device) == 401);
    CHECK(networks.sign_in("ana", "192.0.2.7", test::kPassword, device).status == 429);
    CHECK(networks.sign_in("ana", "192.0.2.7").status == 200);  // the device's failures count for it only
}

TEST_CASE("a device is known only to accounts that signed in on it, by a server-made secret") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    for (const char* name : {"ana", "ben"}) app.person(name);
    Networks networks(app);
    const std::string anas = device_of(networks.sign_in("ana", "192.0.2.1"));
    const std::string both = device_of(networks.sign_in("ben", "192.0.2.1", test::kPassword, anas));
    CHECK(both != anas);
    CHECK(device_of(networks.sign_in("ana", "192.0.2.1", test::kPassword, both)) == both);
    const std::string planted = "bodega_device=planted-by-somebody-else-in-this-browser-000000";
    CHECK(device_of(networks.sign_in("ana", "192.0.2.1", test::kPassword, planted)) != planted);
    // The account that is tried has to know the device.
    for (int i = 0; i < 3; ++i) CHECK(networks.fail("ana", "192.0.2.9") == 401);
    CHECK(networks.sign_in("ana", "192.0.2.9", test::kPassword, planted).status == 429);
}

TEST_CASE("after too many failures in an hour unknown devices are slowed down, never locked out") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    Networks networks(app);
    const std::string device = device_of(networks.sign_in("ana", "192.0.2.1"));
    for (int i = 0; i < 30; ++i) CHECK(networks.fail("ana", "198.51.100." + std::to_string(i)) == 401);
    auto seconds = [&](const std::string& with) {
        const auto began = base::Steady::now();
        CHECK(networks.sign_in("ana", "203.0.113.1", test::kPassword, with).status == 200);
        return std::chrono::duration<double>(base::Steady::now() - began).count();
    };
    CHECK(seconds({}) >= 2);
    CHECK(seconds(device) < 2);
    CHECK(count(app, "session.slow") == 1);
}

TEST_CASE("refused tries are not counted") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    Networks networks(app);
    for (int i = 0; i < 3; ++i) networks.fail("ana", "192.0.2.1");
    for (int i = 0; i < 20; ++i) CHECK(networks.fail("ana", "192.0.2.1") == 429);
    CHECK(networks.sign_in("ana", "192.0.2.1").status == 429);
    CHECK(count(app, "session.fail") == 3);
    const db::Sql max{"test.most", "SELECT MAX(failures) FROM attempts"};
    CHECK(app.catalog().number(max) == 3);
    const db::Sql close{"test.close", "UPDATE attempts SET window_ends_at = {now} - 1"};
    app.catalog().execute(close);
    CHECK(networks.sign_in("ana", "192.0.2.1").status == 200);
}

TEST_CASE("a new password or an unlock lifts the lock-out, also for that network") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    Caller root = app.person("root", store::Role::admin);
    Networks networks(app);
    const std::string ana = "/api/v1/users/" + app.id_of("ana");
    auto lock_out = [&] {
        for (int i = 0; i < 3; ++i) networks.fail("ana", "192.0.2.1");
        for (int i = 0; i < 27; ++i) networks.fail("x" + std::to_string(i), "192.0.2.1");
        CHECK(networks.sign_in("ana", "192.0.2.1").status == 429);
    };
    lock_out();
    CHECK(root("DELETE", ana + "/lockout").status == 204);
    CHECK(networks.sign_in("ana", "192.0.2.1").status == 200);
    CHECK(count(app, "user.unlock") == 1);
    lock_out();
    CHECK(root("PATCH", ana, R"({"password":"another long one"})").status == 200);
    CHECK(networks.sign_in("ana", "192.0.2.1", "another long one").status == 200);
}

TEST_CASE("failed sign-ins and lock-outs are in the audit log, without unknown names as typed") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    app.person("ana");
    Networks networks(app);
    for (int i = 0; i < 3; ++i) networks.fail("ana", "192.0.2.1");
    networks.fail("my secret password", "192.0.2.5");
    networks.fail("my-secret-password", "192.0.2.5");
    CHECK(count(app, "session.fail") == 4);
    CHECK(count(app, "session.lock") == 1);
    const db::Sql typed{"test.typed", "SELECT COUNT(*) FROM audit WHERE target LIKE '%secret%'"};
    CHECK(app.catalog().number(typed) == 0);
    const auto stats = app.server().stats();
    CHECK(stats.sign_ins_wrong == 5);
    CHECK(stats.lockouts == 1);
}

TEST_CASE("failures in the audit log are limited in number") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    Networks networks(app);
    const db::Sql full{
        "test.full", "INSERT INTO attempts (subject, failures, window_ends_at) VALUES ('records', 500, {now} + 60000)"};
    app.catalog().execute(full);
    CHECK(networks.fail("ana", "192.0.2.1") == 401);
    CHECK(count(app, "session.fail") == 0);
}

TEST_CASE("only wrong tries of the set-up link count, by network") {
    AppServer app(GENERATE(from_range(test::engines())), few);
    Caller caller = app.anonymous();
    auto redeem = [&](std::string address) {
        return caller("POST", "/api/v1/setup", R"({"token":"x","username":"ana","password":"correct horse battery"})",
                      {{"X-Forwarded-For", std::move(address)}})
            .status;
    };
    for (int i = 0; i < 3; ++i) CHECK(redeem("192.0.2.1") == 403);
    CHECK(redeem("192.0.2.1") == 429);
    CHECK(redeem("192.0.2.2") == 403);
}

}  // namespace bodega
