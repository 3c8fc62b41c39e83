#include "base/asset.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace bodega::base;

TEST_CASE("the web app is in the binary, sorted by path") {
    auto all = embedded_assets();
    REQUIRE(all.size() >= 3);
    CHECK(std::is_sorted(all.begin(), all.end(), [](const Asset& a, const Asset& b) { return a.path < b.path; }));
    for (const Asset& asset : all) {
        CAPTURE(asset.path);
        CHECK(asset.path.starts_with("/"));
        CHECK_FALSE(asset.content_type.empty());
        CHECK_FALSE(asset.identity.empty());
        CHECK(asset.etag.size() > 20);
        CHECK(asset.etag.starts_with('"'));
        CHECK(asset.etag.ends_with('"'));
        CHECK(find_asset(asset.path) == &asset);
    }
}

TEST_CASE("only files that compress well have variants") {
    for (const Asset& asset : embedded_assets()) {
        CAPTURE(asset.path);
        CHECK(asset.brotli.size() < asset.identity.size());
        CHECK(asset.gzip.size() < asset.identity.size());
        if (!asset.gzip.empty()) CHECK(asset.gzip.starts_with("\x1f\x8b"));
    }
    const Asset* page = find_asset("/index.html");
    REQUIRE(page);
    CHECK_FALSE(page->gzip.empty());
    CHECK_FALSE(page->brotli.empty());
}

TEST_CASE("files with a content hash in their name are immutable, pages are not") {
    const Asset* page = find_asset("/index.html");
    REQUIRE(page);
    CHECK_FALSE(page->immutable);
    CHECK(page->content_type == "text/html; charset=utf-8");
    CHECK(page->identity.starts_with("<!"));
    auto all = embedded_assets();
    auto script = std::find_if(all.begin(), all.end(), [](const Asset& asset) {
        return asset.path.starts_with("/assets/app-") && asset.path.ends_with(".js");
    });
    REQUIRE(script != all.end());
    CHECK(script->immutable);
    CHECK(script->content_type == "text/javascript; charset=utf-8");
    CHECK(page->identity.find(script->path) != std::string_view::npos);
}

TEST_CASE("an unknown path has no asset") {
    CHECK_FALSE(find_asset(""));
    CHECK_FALSE(find_asset("/"));
    CHECK_FALSE(find_asset("/index.htm"));
    CHECK_FALSE(find_asset("/index.html/"));
    CHECK_FALSE(find_asset("/../etc/passwd"));
}
