// Hostile names through every call: kept exactly, or refused with a problem, never changed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/encoding.h"
#include "support/api_case.h"

namespace bodega {
namespace {

using nlohmann::json;
using test::AppServer;
using test::Caller;

const std::vector<std::string> kRefused = {"",
                                           ".",
                                           "..",
                                           "/",
                                           "a/b",
                                           "../../etc/passwd",
                                           "/absolute",
                                           std::string("a\0b", 3),
                                           std::string("\0", 1),
                                           "tab\tname",
                                           "line\nbreak",
                                           "carriage\rreturn",
                                           "\x1b[2Jescape",
                                           "del\x7f",
                                           "c1\xc2\x85",
                                           std::string(256, 'x'),
                                           std::string(300, 'x'),
                                           std::string(5000, 'x')};

const std::vector<std::string> kKept = {"CON",
                                        "nul.txt",
                                        "COM1",
                                        "trailing.",
                                        "trailing ",
                                        " leading",
                                        "...",
                                        ".htaccess",
                                        "back\\slash",
                                        "..\\..\\x",
                                        "C:",
                                        "a:stream",
                                        "what?*|<>\"",
                                        "<img src=x onerror=alert(1)>",
                                        "%2e%2e%2f",
                                        "%00",
                                        "a%20b",
                                        "a+b",
                                        "$(id)`id`;&",
                                        "'; DROP TABLE entries; --",
                                        "\xe2\x80\xae"
                                        "gpj.exe",
                                        "\xe2\x80\x8f"
                                        "rtl",
                                        "\xef\xbb\xbf"
                                        "bom",
                                        "\xf0\x9f\x98\x80",
                                        "\xc2\xa0",
                                        "\xef\xbc\x8f",
                                        "caf\xc3\xa9",
                                        std::string(255, 'x')};

std::string body_of(const std::string& name) { return json({{"name", name}}).dump(); }

void check_refused(const std::string& name, const test::Answer& answer) {
    INFO("name " << base::percent_encode(name.substr(0, 40)) << ": " << answer.status << " " << answer.body);
    CHECK(answer.status == 422);
    CHECK(answer.field("content-type").find("application/problem+json") == 0);
    CHECK(answer.json()["code"] == "name_invalid");
    CHECK(answer.json()["detail"].get<std::string>().size() > 20);
}

}  // namespace

TEST_CASE("invalid names are refused by every call that takes one", "[names]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = "/api/v1/entries/" + app.root_of("ana");
    const std::string other = ana("POST", root + "/folders", body_of("other")).json()["id"];
    const std::string entry = "/api/v1/entries/" + other;
    for (const auto& name : kRefused) {
        check_refused(name, ana("POST", root + "/folders", body_of(name)));
        check_refused(name, ana("PATCH", entry, body_of(name)));
        check_refused(name,
                      ana("POST", entry + "/copies", json({{"parent_id", app.root_of("ana")}, {"name", name}}).dump()));
    }
    ana("DELETE", entry);
    for (const auto& name : kRefused) check_refused(name, ana("POST", entry + "/restore", body_of(name)));
    CHECK(ana("GET", root + "/children").json()["total"] == 0);
}

TEST_CASE("accepted names come back byte for byte", "[names]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string root = "/api/v1/entries/" + app.root_of("ana");
    for (const auto& name : kKept) {
        const auto made = ana("POST", root + "/folders", body_of(name));
        INFO(base::percent_encode(name) << ": " << made.body);
        REQUIRE(made.status == 201);
        CHECK(made.json()["name"] == name);
        const std::string entry = "/api/v1/entries/" + made.json()["id"].get<std::string>();
        CHECK(ana("GET", entry).json()["name"] == name);
        const auto again = ana("POST", root + "/folders", body_of(name));
        CHECK(again.status == 409);
        CHECK(again.json()["existing_id"] == made.json()["id"]);
        CHECK(ana("PATCH", entry, body_of("renamed")).status == 200);
        CHECK(ana("PATCH", entry, body_of(name)).json()["name"] == name);
    }
    std::vector<std::string> listed;
    const json listing = ana("GET", root + "/children").json();
    for (const auto& item : listing["items"]) listed.push_back(item["name"]);
    std::vector<std::string> expected = kKept;
    std::sort(listed.begin(), listed.end());
    std::sort(expected.begin(), expected.end());
    CHECK(listed == expected);
}

TEST_CASE("a decomposed name equals the composed one", "[names]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string folders = "/api/v1/entries/" + app.root_of("ana") + "/folders";
    CHECK(ana("POST", folders, body_of("cafe\xcc\x81")).json()["name"] == "caf\xc3\xa9");
    CHECK(ana("POST", folders, body_of("caf\xc3\xa9")).status == 409);
    CHECK(ana("POST", folders, body_of("cafe")).status == 201);
    CHECK(ana("POST", folders, body_of("CAF\xc3\x89")).status == 201);
}

TEST_CASE("a body with invalid UTF-8 is refused", "[names]") {
    AppServer app(GENERATE(from_range(test::engines())));
    Caller ana = app.person("ana");
    const std::string target = "/api/v1/entries/" + app.root_of("ana") + "/folders";
    const auto post = [&](std::string name, std::string body) {
        return test::ApiCase{.name = std::move(name),
                             .method = "POST",
                             .target = target,
                             .body = std::move(body),
                             .status = 400,
                             .expected = {"application/problem+json", "\"code\":\"invalid\""}};
    };
    test::run_cases(ana, {post("invalid UTF-8", "{\"name\":\"a\xff\"}"), post("overlong", "{\"name\":\"\xc0\xaf\"}"),
                          post("a lone surrogate", R"({"name":"\ud800"})"), post("a number", R"({"name":7})"),
                          post("a list", R"({"name":["a"]})"), post("null", R"({"name":null})"), post("none", "{}"),
                          post("no JSON", "{name"), post("no object", R"("name")")});
}

}  // namespace bodega
