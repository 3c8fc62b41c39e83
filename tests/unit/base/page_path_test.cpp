#include "base/page_path.h"

#include <catch2/catch_test_macros.hpp>

using bodega::base::is_page_path;

TEST_CASE("the web app's pages are known by their paths", "[base]") {
    for (auto page : {"/", "/setup", "/sign-in", "/search", "/profile", "/admin/users", "/admin/spaces", "/admin/audit",
                      "/admin/nodes", "/spaces/x", "/folders/x", "/files/x", "/trash/x"})
        CHECK(is_page_path(page));
    for (auto other : {"", "/setup/", "/admin", "/admin/users/x", "/spaces", "/spaces/", "/spaces/x/", "/spaces/x/y",
                       "/index.html", "/api/v1/session", "/SETUP"})
        CHECK_FALSE(is_page_path(other));
}
