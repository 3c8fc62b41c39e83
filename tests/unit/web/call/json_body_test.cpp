// The limits of a JSON document, and the cost of reading it.
#include "web/call/json_body.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>

#include "base/error.h"

namespace bodega::web {
namespace {

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out.append(i > 0 ? "," : "").append(piece);
    return out;
}

double seconds_to_read(const std::string& text) {
    const auto began = std::chrono::steady_clock::now();
    try {
        const JsonBody body(text);
    } catch (const base::Error&) {
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

TEST_CASE("reading JSON takes time linear in its length") {
    // 80,000 equal values took 23 s when the time grew quadratically.
    for (const std::string& text :
         {"{\"a\":[" + repeated("{}", 80'000) + "]}", "{\"a\":[" + repeated("[]", 80'000) + "]}",
          "{\"a\":[" + repeated("1", 80'000) + "]}", "{" + repeated("\"a\":{}", 80'000) + "}",
          "{\"a\":[" + repeated("{\"b\":[]}", 19'000 / 2) + "]}", "{\"a\":[" + repeated("{}", 19'000) + "]}",
          std::string(500'000, '['), "{\"a\":" + std::string(500'000, '[')}) {
        INFO(text.substr(0, 40));
        CHECK(seconds_to_read(text) < 1);
    }
}

TEST_CASE("a document's depth and its number of values are limited") {
    CHECK_NOTHROW(JsonBody("{\"a\":" + std::string(31, '[') + std::string(31, ']') + "}"));
    CHECK_THROWS_AS(JsonBody("{\"a\":" + std::string(32, '[') + std::string(32, ']') + "}"), base::Error);
    CHECK_NOTHROW(JsonBody("{\"a\":[" + repeated("1", 19'000) + "]}"));
    CHECK_THROWS_AS(JsonBody("{\"a\":[" + repeated("1", 20'001) + "]}"), base::Error);
}

}  // namespace bodega::web
