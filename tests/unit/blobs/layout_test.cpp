#include "blobs/layout.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "base/error.h"
#include "support/code_of.h"

namespace bodega::blobs {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("layout: a folder of this layout is accepted, whatever else its document has") {
    CHECK_NOTHROW(require_layout("{\n  \"catalog\": \"x\",\n  " + layout_member() + ",\n  \"about\": \"\"\n}\n", "/x"));
    CHECK_NOTHROW(require_layout(R"({"layout":2})", "/x"));
}

TEST_CASE("layout: a folder of another layout is refused, with both layouts and what to do") {
    for (const char* json : {R"({"catalog": "x"})", R"({"layout": 1})", R"({"layout": 3})", R"({"layout": "2"})", ""}) {
        CAPTURE(json);
        CHECK(test::code_of([&] { require_layout(json, "/x"); }) == base::Code::config_invalid);
    }
    CHECK_THROWS_WITH(require_layout("{}", "/srv/bodega.json"),
                      ContainsSubstring("/srv/bodega.json: the files have layout 1, and this version reads layout 2") &&
                          ContainsSubstring("export the files"));
}

}  // namespace
}  // namespace bodega::blobs
