#include "http/media_type.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

TEST_CASE("a media type is compared without its case and its parameters", "[http]") {
    CHECK(essence_of("text/html; charset=utf-8") == "text/html");
    for (auto same : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                      "application/json ; a=b", "application/json\t"})
        CHECK(is_media_type(same, "application/json"));
    for (auto other : {"", "application/jsonl", "application/json charset=utf-8", "application/*", "json"})
        CHECK_FALSE(is_media_type(other, "application/json"));
}

TEST_CASE("Accept names a type if it lists it with a weight above zero", "[http]") {
    auto names_html = [](std::string_view value) {
        return accepts_by_name({{"X", "text/html"}, {"accept", value}}, "text/html");
    };
    for (auto value : {"text/html", "TEXT/HTML", "text/html;q=0.1", "application/xml, text/html ; q=0.9",
                       "text/html;level=1;q=0.5", "a/b;q=0,text/html"})
        CHECK(names_html(value));
    for (auto value : {"", "*/*", "text/*", "text/htmlx", "text/html;q=0", "text/html; Q=0.000", "text/html;q=x",
                       "application/xhtml+xml", "x/text/html"})
        CHECK_FALSE(names_html(value));
    CHECK(accepts_by_name({{"Accept", "a/b"}, {"Accept", "text/html"}}, "text/html"));
}
