#include "edge/routing/route_path.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace bodega::edge;

namespace {

std::string plain(std::string_view path) { return route_path(path).value().plain; }

std::vector<std::string> others(std::string_view path) {
    auto out = route_path(path).value().others;
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("a path is read with its encoding undone and its slashes merged", "[edge]") {
    CHECK(plain("/") == "/");
    CHECK(plain("/a/b") == "/a/b");
    CHECK(plain("/a%20b//c/") == "/a b/c/");
    CHECK(plain("//%2f/a%2Fb") == "/a/b");
    CHECK(plain("/%61dmin") == "/admin");
    CHECK(plain("/a;v=1/b") == "/a;v=1/b");
    CHECK(plain("/a+b/...") == "/a+b/...");
    CHECK(plain("/.well-known/x") == "/.well-known/x");
}

TEST_CASE("a path has a reading for each way in which servers split segments", "[edge]") {
    using Readings = std::vector<std::string>;
    CHECK(others("/a/b%20c//d").empty());
    CHECK(others("/a;v=1/b") == Readings{"/a/b"});
    CHECK(others("/a%3bv=1/b;x") == Readings{"/a/b"});
    CHECK(others("/;x/a") == Readings{"/a"});
    CHECK(others("/a\\b") == Readings{"/a/b"});
    CHECK(others("/a%5cb") == Readings{"/a/b"});
    CHECK(others("/a%2Fb") == Readings{std::string("/a\0b", 4)});
    CHECK(others("/a;x\\b") == Readings{"/a", "/a/b", "/a;x/b"});
}

TEST_CASE("a path that servers read in more than one way is refused", "[edge]") {
    for (const char* path : {"/a/../b", "/a/./b", "/..", "/.", "/a/%2e%2e/b", "/a/%2E./b", "/a/..%2fb", "/a\\..\\b",
                             "/a/..%5cb", "/a/..;x=1/b", "/a/%00", "/a%", "/a%4", "/a%zz", "a", ""}) {
        INFO(path);
        CHECK_FALSE(route_path(path));
    }
}

TEST_CASE("a prefix covers whole segments", "[edge]") {
    CHECK(covers("/", "/"));
    CHECK(covers("/", "/a"));
    CHECK(covers("/old", "/old"));
    CHECK(covers("/old", "/old/"));
    CHECK(covers("/old/", "/old"));
    CHECK(covers("/old/", "/old/x"));
    CHECK_FALSE(covers("/old", "/older"));
    CHECK_FALSE(covers("/old", "/"));
    CHECK_FALSE(covers("/old/x", "/old"));
}

TEST_CASE("the part after a prefix keeps its spelling", "[edge]") {
    CHECK(count_segments("/") == 0);
    CHECK(count_segments("/old") == 1);
    CHECK(count_segments("/old/") == 1);
    CHECK(count_segments("/a/b") == 2);
    CHECK(behind_segments("/old/a%20b?q=/x", 1) == "/a%20b?q=/x");
    CHECK(behind_segments("/a//b/c?x", 2) == "/c?x");
    CHECK(behind_segments("/o%6cd//a%2Fb/c", 1) == "//a%2Fb/c");
    CHECK(behind_segments("/old", 1).empty());
    CHECK(behind_segments("/old?x=/y/z", 1) == "?x=/y/z");
    CHECK(behind_segments("/old", 3).empty());
    CHECK(behind_segments("/old/a", 0) == "/old/a");
}
