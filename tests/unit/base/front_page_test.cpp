#include "base/front_page.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace bodega::base;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the front page at the root is the embedded one", "[base]") {
    CHECK(FrontPage("/").asset() == find_asset("/index.html"));
}

TEST_CASE("the front page below a base path names it in all its addresses", "[base]") {
    const Asset* const root = find_asset("/index.html");
    REQUIRE(root);
    const FrontPage page("/team/files/");
    REQUIRE(page.asset());
    const std::string text(page.asset()->identity);
    CHECK_THAT(text, ContainsSubstring("<meta name=\"base-path\" content=\"/team/files/\""));
    CHECK_THAT(text, ContainsSubstring("src=\"/team/files/assets/"));
    CHECK_THAT(text, ContainsSubstring("href=\"/team/files/favicon.svg\""));
    std::size_t addresses = 0, below = 0;
    for (std::size_t at = 0; (at = text.find("=\"/", at)) != std::string::npos; ++at) {
        ++addresses;
        below += text.compare(at + 2, 12, "/team/files/") == 0;
    }
    CHECK(addresses >= 5);
    CHECK(below == addresses);
    CHECK(page.asset()->etag != root->etag);
    CHECK(page.asset()->etag != FrontPage("/files/").asset()->etag);
    CHECK(page.asset()->etag == FrontPage("/team/files/").asset()->etag);
    CHECK((page.asset()->brotli.empty() && page.asset()->gzip.empty()));
    CHECK(page.asset()->content_type == root->content_type);
}
