#include "http/range.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

namespace {

using Kind = RangeSelection::Kind;

struct Row {
    std::string_view name;
    std::string_view field;
    std::uint64_t size;
    Kind kind;
    std::vector<ByteRange> parts;
};

const Row kRows[] = {
    {"9110 14.1.2: first and last", "bytes=0-4", 10, Kind::parts, {{0, 4}}},
    {"9110 14.1.2: from an offset", "bytes=4-", 10, Kind::parts, {{4, 9}}},
    {"9110 14.1.2: suffix", "bytes=-3", 10, Kind::parts, {{7, 9}}},
    {"9110 14.1.2: suffix longer than the whole", "bytes=-30", 10, Kind::parts, {{0, 9}}},
    {"9110 14.1.2: last past the end", "bytes=5-99", 10, Kind::parts, {{5, 9}}},
    {"9110 14.1.2: one byte", "bytes=9-9", 10, Kind::parts, {{9, 9}}},
    {"9110 14.1.2: several, in their order", "bytes=8-9,0-1", 10, Kind::parts, {{8, 9}, {0, 1}}},
    {"9110 5.6.1: white space and empty elements", "bytes= 0-1 ,, 4-5 ", 10, Kind::parts, {{0, 1}, {4, 5}}},
    {"9110 14.1: units have no case", "Bytes=0-0", 10, Kind::parts, {{0, 0}}},
    {"9110 14.2: unsatisfiable ones are left out", "bytes=0-1,20-30", 10, Kind::parts, {{0, 1}}},
    {"9110 14.1.2: past the end", "bytes=10-", 10, Kind::unsatisfiable, {}},
    {"9110 14.1.2: suffix of nothing", "bytes=-0", 10, Kind::unsatisfiable, {}},
    {"9110 14.1.2: empty representation", "bytes=0-", 0, Kind::unsatisfiable, {}},
    {"9110 14.1.2: suffix of an empty one", "bytes=-5", 0, Kind::unsatisfiable, {}},
    {"9110 14.1.2: last before first", "bytes=5-4", 10, Kind::whole, {}},
    {"9110 14.2: another unit", "items=0-4", 10, Kind::whole, {}},
    {"9110 14.2: no unit", "0-4", 10, Kind::whole, {}},
    {"9110 14.2: nothing", "bytes=", 10, Kind::whole, {}},
    {"9110 14.2: a dash", "bytes=-", 10, Kind::whole, {}},
    {"9110 14.2: a sign", "bytes=+1-2", 10, Kind::whole, {}},
    {"9110 14.2: a space within", "bytes=1 - 2", 10, Kind::whole, {}},
    {"9110 14.2: not digits", "bytes=a-b", 10, Kind::whole, {}},
    {"9110 14.2: one malformed spoils all", "bytes=0-1,x", 10, Kind::whole, {}},
    {"9110 14.2: more than fits", "bytes=99999999999999999999-", 10, Kind::whole, {}},
    {"9110 14.2: overlapping", "bytes=0-5,4-9", 10, Kind::whole, {}},
    {"9110 17.15: the same again and again", "bytes=0-,0-,0-", 10, Kind::whole, {}},
    {"9110 17.15: too many",
     "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16",
     100,
     Kind::whole,
     {}},
};

}  // namespace

TEST_CASE("ranges", "[http][range]") {
    for (const Row& row : kRows) {
        INFO(row.name);
        RangeSelection selection = select_ranges(row.field, row.size);
        CHECK(selection.kind == row.kind);
        if (row.kind == Kind::parts) CHECK(selection.parts == row.parts);
    }
}

TEST_CASE("If-Range", "[http][range]") {
    CHECK(if_range_holds("\"a\"", "\"a\"", ""));
    CHECK_FALSE(if_range_holds("\"a\"", "\"b\"", ""));
    CHECK_FALSE(if_range_holds("W/\"a\"", "W/\"a\"", ""));
    CHECK_FALSE(if_range_holds("", "", ""));
    CHECK(if_range_holds("Tue, 24 Nov 2026 03:04:05 GMT", "", "Tue, 24 Nov 2026 03:04:05 GMT"));
    CHECK_FALSE(if_range_holds("Tue, 24 Nov 2026 03:04:06 GMT", "", "Tue, 24 Nov 2026 03:04:05 GMT"));
    CHECK_FALSE(if_range_holds("x", "", ""));
}

TEST_CASE("Content-Range", "[http][range]") { CHECK(content_range({100, 199}, 1234) == "bytes 100-199/1234"); }
