// Compares the OpenAPI description with the routes, in both directions.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "support/api_case.h"
#include "web/api/openapi.h"
#include "web/api/routes.h"

namespace bodega {
namespace {

// Every "$ref" below `node`.
void collect(const nlohmann::json& node, std::set<std::string>& names) {
    if (node.is_object() && node.contains("$ref")) names.insert(node["$ref"].get<std::string>().substr(21));
    if (node.is_structured())
        for (const auto& child : node) collect(child, names);
}

}  // namespace

TEST_CASE("each route is in OpenAPI with its parameters, body and answer") {
    const auto document = web::openapi_document(web::all_routes());
    for (const web::Route& route : web::all_routes()) {
        INFO(route.method << " " << route.pattern);
        std::string method(route.method);
        for (char& c : method) c = static_cast<char>(c | 0x20);
        REQUIRE(document["paths"].contains(route.pattern));
        REQUIRE(document["paths"][std::string(route.pattern)].contains(method));
        const auto& operation = document["paths"][std::string(route.pattern)][method];
        CHECK_FALSE(route.doc.summary.empty());
        CHECK(operation["responses"].contains(std::to_string(route.doc.status)));
        CHECK((route.body == web::Body::json) == !route.doc.request.empty());
        CHECK(operation.contains("requestBody") == (route.body != web::Body::none));
        CHECK(operation.contains("security") == (route.guard == web::Guard::anonymous));
        const auto braces = std::count(route.pattern.begin(), route.pattern.end(), '{');
        const auto count = [](std::string_view names) {
            return names.empty() ? 0 : 1 + std::count(names.begin(), names.end(), ' ');
        };
        CHECK(operation.value("parameters", nlohmann::json::array()).size() ==
              static_cast<std::size_t>(braces + count(route.doc.query) + count(route.doc.headers)));
    }
}

TEST_CASE("each schema that is named exists, and each that exists is used") {
    const auto document = web::openapi_document(web::all_routes());
    std::set<std::string> named, existing;
    collect(document, named);
    for (const auto& [name, schema] : document["components"]["schemas"].items()) existing.insert(name);
    CHECK(named == existing);
}

TEST_CASE("OpenAPI is served to anyone") {
    test::AppServer app(db::Dialect::sqlite);
    test::Caller anyone = app.anonymous();
    const auto answer = anyone("GET", "/api/v1/openapi.json");
    CHECK(answer.status == 200);
    CHECK(answer.field("content-type") == "application/json");
    CHECK(answer.json()["openapi"] == "3.1.0");
    CHECK(answer.json()["paths"].contains("/api/v1/session"));
}

}  // namespace bodega
