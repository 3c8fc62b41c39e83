#include "web/byte_range.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>

namespace bodega::web {
namespace {

constexpr base::Milliseconds kModified = 784111777000;
constexpr http::Validators kNow{"tag", kModified};

std::string select(std::string_view range, std::int64_t size = 1000,
                   std::optional<std::string_view> if_range = std::nullopt) {
    ByteRange got = select_range(range, if_range, kNow, size);
    if (got.kind == ByteRange::Kind::unsatisfiable) return "416";
    if (got.kind == ByteRange::Kind::whole) return "whole";
    return std::to_string(got.first) + "+" + std::to_string(got.length);
}

TEST_CASE("ranges: first-last, open, suffix") {
    CHECK(select("bytes=0-0") == "0+1");
    CHECK(select("bytes=100-199") == "100+100");
    CHECK(select("bytes=900-5000") == "900+100");
    CHECK(select("bytes=900-") == "900+100");
    CHECK(select("bytes=-17") == "983+17");
    CHECK(select("bytes=-5000") == "0+1000");
    CHECK(select("Bytes=5-9") == "5+5");
    CHECK(select("bytes=0-99999999999999999999999") == "0+1000");
}

TEST_CASE("ranges: beyond the end is not satisfiable") {
    CHECK(select("bytes=1000-") == "416");
    CHECK(select("bytes=1000-2000") == "416");
    CHECK(select("bytes=-0") == "416");
    CHECK(select("bytes=0-", 0) == "416");
    CHECK(select("bytes=-5", 0) == "416");
    CHECK(select("bytes=99999999999999999999999-") == "416");
}

TEST_CASE("ranges: malformed ones and several are answered whole") {
    for (const char* range : {"", "bytes", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes=1-2,4-5", "items=0-1",
                              "bytes=+1-2", "bytes=1--2", "bytes= 1 - 2"})
        CHECK(select(range) == "whole");
}

TEST_CASE("If-Range: the very same content, or the whole") {
    CHECK(select("bytes=0-1", 1000, "\"tag\"") == "0+2");
    CHECK(select("bytes=0-1", 1000, "\"other\"") == "whole");
    CHECK(select("bytes=0-1", 1000, "W/\"tag\"") == "whole");
    CHECK(select("bytes=0-1", 1000, "*") == "whole");
    // The owner sets it, so that other bytes may bear the same one.
    CHECK(select("bytes=0-1", 1000, "Sun, 06 Nov 1994 08:49:37 GMT") == "whole");
    CHECK(select("bytes=0-1", 1000, "Sun, 06 Nov 1994 08:49:38 GMT") == "whole");
    CHECK(select("bytes=2000-", 1000, "\"other\"") == "whole");
}

}  // namespace
}  // namespace bodega::web
