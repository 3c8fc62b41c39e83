#include "web/call/router.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

namespace bodega::web {
namespace {

void nothing(Call&) {}

std::vector<Route> table() {
    return {{"GET", "/a", nothing},        {"POST", "/a", nothing},        {"GET", "/a/{id}", nothing},
            {"GET", "/a/{id}/b", nothing}, {"HEAD", "/a/{id}/b", nothing}, {"PUT", "/a/{id}/c/{name}", nothing},
            {"GET", "/a/fixed", nothing},  {"GET", "/", nothing}};
}

std::string_view found(const Router& router, std::string_view method, std::vector<std::string> segments) {
    auto match = router.match(method, segments);
    return match.route ? match.route->pattern : "";
}

}  // namespace

TEST_CASE("a route is found by its segments") {
    const Router router(table());
    CHECK(found(router, "GET", {"a"}) == "/a");
    CHECK(found(router, "GET", {""}) == "/");
    CHECK(found(router, "GET", {"a", "x"}) == "/a/{id}");
    CHECK(found(router, "GET", {"a", "fixed"}) == "/a/fixed");
    CHECK(found(router, "GET", {"a", "x", "b"}) == "/a/{id}/b");
    CHECK(found(router, "GET", {"a", "x", "c"}) == "");
    CHECK(found(router, "GET", {"a", ""}) == "/a");
    CHECK(found(router, "POST", {"a", ""}) == "/a");
    CHECK(found(router, "GET", {"a", "x", ""}) == "");
    CHECK(found(router, "GET", {"a", "x", "b", ""}) == "");
    CHECK(found(router, "GET", {"a", "", ""}) == "");
    CHECK(found(router, "PUT", {"a", "x", "c", ""}) == "/a/{id}/c/{name}");  // whose name is empty
    CHECK(found(router, "GET", {}) == "");
    CHECK(found(router, "GET", {"a", "x", "b", "c"}) == "");
}

TEST_CASE("HEAD is answered by GET unless it has a route of its own") {
    const Router router(table());
    CHECK(router.match("HEAD", {"a"}).route->method == "GET");
    CHECK(router.match("HEAD", {"a", "x", "b"}).route->method == "HEAD");
}

TEST_CASE("parameters are whole segments, whatever is in them") {
    const Router router(table());
    const auto match = router.match("PUT", {"a", "1/2", "c", std::string("n\0m", 3)});
    REQUIRE(match.route);
    REQUIRE(match.parameters.size() == 2);
    CHECK(match.parameters[0] == std::pair<std::string_view, std::string>("id", "1/2"));
    CHECK(match.parameters[1].second == std::string("n\0m", 3));
}

TEST_CASE("a known path lists its methods") {
    const Router router(table());
    const auto match = router.match("DELETE", {"a"});
    CHECK(match.path_known);
    CHECK_FALSE(match.route);
    CHECK(router.allow({"a"}) == "GET, HEAD, POST, OPTIONS");
    CHECK(router.allow({"a", "x", "b"}) == "GET, HEAD, OPTIONS");
    CHECK_FALSE(router.match("GET", {"b"}).path_known);
}

TEST_CASE("contradicting route tables are refused") {
    CHECK_THROWS_AS(Router({{"GET", "/a", nothing}, {"GET", "/a", nothing}}), base::Error);
    CHECK_THROWS_AS(Router({{"GET", "/{a}", nothing}, {"PUT", "/{b}", nothing}}), base::Error);
    CHECK_THROWS_AS(Router({{"GET", "a", nothing}}), base::Error);
}

}  // namespace bodega::web
