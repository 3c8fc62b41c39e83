#include "http/cookie.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

TEST_CASE("a cookie is found by its whole name", "[http]") {
    const Fields one = {{"Cookie", "a=1; bodega=x=y; bodega_8080=z;c"}};
    CHECK(find_cookie(one, "a") == "1");
    CHECK(find_cookie(one, "bodega") == "x=y");
    CHECK(find_cookie(one, "bodega_8080") == "z");
    CHECK(find_cookie(one, "bodeg").empty());
    CHECK(find_cookie(one, "Bodega").empty());  // names have a case
    CHECK(find_cookie(one, "c").empty());
}

TEST_CASE("of a cookie that is given twice the first counts, in all lines", "[http]") {
    const Fields lines = {{"Cookie", "a=1; b="}, {"X", "c=9"}, {"cookie", " a=2 ;b=3;c=4"}};
    CHECK(find_cookie(lines, "a") == "1");
    CHECK(find_cookie(lines, "b") == "3");  // an empty one counts as absent
    CHECK(find_cookie(lines, "c") == "4");
    CHECK(find_cookie({}, "a").empty());
}
