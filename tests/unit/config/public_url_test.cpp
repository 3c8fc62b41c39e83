#include "config/public_url.h"

#include <catch2/catch_test_macros.hpp>

using bodega::config::PublicUrl;

TEST_CASE("a public URL has an origin as browsers write it, and a base path", "[config]") {
    const auto plain = PublicUrl::parse("https://Files.Example.org:443");
    REQUIRE(plain);
    CHECK(plain->origin() == "https://files.example.org");
    CHECK(plain->base_path() == "/");
    CHECK(plain->is_at_root());
    CHECK(PublicUrl::parse("https://files.example.org/") == plain);
    const auto below = PublicUrl::parse("http://[::1]:8080/team/files");
    REQUIRE(below);
    CHECK(below->origin() == "http://[::1]:8080");
    CHECK(below->authority() == "[::1]:8080");
    CHECK(below->host() == "[::1]");
    CHECK(below->base_path() == "/team/files/");
    CHECK(!below->is_at_root());
    CHECK(PublicUrl::parse("http://[::1]:8080/team/files/") == below);
    CHECK(PublicUrl::parse("http://a:443")->authority() == "a:443");
    CHECK(PublicUrl::parse("http://a:443")->host() == "a");
}

TEST_CASE("URLs and paths begin with the base path", "[config]") {
    const PublicUrl none;
    CHECK(!none.has_origin());
    CHECK(none.path("/api/v1/entries/1") == "/api/v1/entries/1");
    CHECK(PublicUrl::parse("") == none);
    const auto root = PublicUrl::parse("https://files.example.org").value();
    CHECK(root.path("/") == "/");
    CHECK(root.url("/setup#token=1") == "https://files.example.org/setup#token=1");
    const auto below = PublicUrl::parse("https://example.org/files").value();
    CHECK(below.path("/") == "/files/");
    CHECK(below.path("/api/v1/entries/1") == "/files/api/v1/entries/1");
    CHECK(below.url("/setup#token=1") == "https://example.org/files/setup#token=1");
}

TEST_CASE("a target is one of bodega's own below the base path only", "[config]") {
    const auto root = PublicUrl::parse("https://example.org").value();
    const auto below = PublicUrl::parse("https://example.org/files").value();
    CHECK(root.own_part("/api/v1/x?y") == "/api/v1/x?y");
    CHECK(root.own_part("*") == "*");
    CHECK(below.own_part("/files/api/v1/x?y") == "/api/v1/x?y");
    CHECK(below.own_part("/files/") == "/");
    for (const char* outside : {"/", "/files", "/filesx/", "/api/v1/x", "/%66iles/", "//files/", "/Files/", "*", ""}) {
        INFO(outside);
        CHECK(!below.own_part(outside));
    }
    CHECK(below.is_base_without_slash("/files"));
    CHECK(!below.is_base_without_slash("/files/"));
    CHECK(!root.is_base_without_slash(""));
}

TEST_CASE("a text that is no public URL is refused", "[config]") {
    for (const char* bad :
         {"files",           "ftp://a",         "https://",           "https:///x",        "https://:80",
          "https://u@a",     "https://a b",     "https://a?x",        "https://a#x",       "https://a/x?y",
          "https://a//",     "https://a/x//y/", "https://a/../",      "https://a/./x",     "https://a/%66/",
          "https://a/x y",   "https://a\\b",    "https://a/\r\nX: y", "https://a/x\x12y/", "https://a:",
          "https://a:99999", "https://[::1",    "https://a;b/"}) {
        INFO(bad);
        CHECK(!PublicUrl::parse(bad));
    }
}
