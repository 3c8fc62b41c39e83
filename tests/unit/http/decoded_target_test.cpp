#include "http/decoded_target.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::http {
namespace {

using Segments = std::vector<std::string>;
using Query = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("a target is split before it is decoded") {
    CHECK(DecodedTarget::parse("/")->segments == Segments{""});
    CHECK(DecodedTarget::parse("/a/b")->segments == Segments{"a", "b"});
    CHECK(DecodedTarget::parse("/a%2Fb/c")->segments == Segments{"a/b", "c"});
    CHECK(DecodedTarget::parse("/a//b/")->segments == Segments{"a", "", "b", ""});
    CHECK(DecodedTarget::parse("/..%2f..")->segments == Segments{"../.."});
    CHECK(DecodedTarget::parse("/%00")->segments == Segments{std::string(1, '\0')});
    CHECK(DecodedTarget::parse("/a+b")->segments == Segments{"a+b"});
    CHECK(DecodedTarget::parse("/%2561")->segments == Segments{"%61"});  // once
}

TEST_CASE("a query is fields in order") {
    const auto target = DecodedTarget::parse("/x?a=1&b=%26+%3D&a=2&flag&=&&c=d=e");
    REQUIRE(target);
    CHECK(target->path == "/x");
    CHECK(target->query == Query{{"a", "1"}, {"b", "& ="}, {"a", "2"}, {"flag", ""}, {"", ""}, {"c", "d=e"}});
    CHECK(DecodedTarget::parse("/x?")->query.empty());
    CHECK(DecodedTarget::parse("/x?a=?")->query == Query{{"a", "?"}});
}

TEST_CASE("a malformed target is refused") {
    for (const char* text : {"", "a", "*", "http://x/", "/%", "/%1", "/%zz", "/x?a=%", "/x?%g1=1"}) {
        INFO(text);
        CHECK_FALSE(DecodedTarget::parse(text));
    }
    std::string deep, wide = "/x?";
    for (int i = 0; i < 33; ++i) deep += "/a";
    for (int i = 0; i < 65; ++i) wide += "a=1&";
    CHECK_FALSE(DecodedTarget::parse(deep));
    CHECK_FALSE(DecodedTarget::parse(wide));
    CHECK(DecodedTarget::parse(deep.substr(2)));
}

}  // namespace bodega::http
