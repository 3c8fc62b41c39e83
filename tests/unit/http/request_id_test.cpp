#include "http/request_id.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using bodega::http::is_request_id;

TEST_CASE("a request's id is short, visible and needs no quoting", "[http]") {
    CHECK(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    CHECK(is_request_id(std::string(64, 'a')));
    for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\"b"),
                                   std::string("a\\b"), std::string("a\x7f"), std::string("\xc3\xa9")})
        CHECK_FALSE(is_request_id(bad));
}
