#include "edge/exchange/error_pages.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "base/error.h"
#include "support/temp_folder.h"

namespace bodega::edge {

TEST_CASE("a status has its own page, or the page of its class", "[edge]") {
    test::TempFolder folder;
    std::ofstream(folder / "404.html") << "not here";
    std::ofstream(folder / "5xx.html") << "sorry, {request_id} and {request_id}";
    std::ofstream(folder / "style.css") << "no page";
    std::ofstream(folder / "200.html") << "no error";
    ErrorPages pages(folder.path());
    REQUIRE(pages.find(404));
    CHECK(*pages.find(404) == "not here");
    CHECK(pages.find(502) == pages.find(503));
    REQUIRE(pages.find(502));
    CHECK(with_request_id(*pages.find(502), "42") == "sorry, 42 and 42");
    CHECK_FALSE(pages.find(403));
    CHECK_FALSE(pages.find(200));
    CHECK_FALSE(ErrorPages("").find(404));
}

TEST_CASE("a folder without error pages is refused", "[edge]") {
    test::TempFolder folder;
    CHECK_THROWS_AS(ErrorPages(folder / "absent"), base::Error);
    CHECK_THROWS_AS(ErrorPages(folder.path()), base::Error);
    std::ofstream(folder / "404.html") << std::string(ErrorPages::kMaxPage + 1, 'x');
    CHECK_THROWS_AS(ErrorPages(folder.path()), base::Error);
}

}  // namespace bodega::edge
