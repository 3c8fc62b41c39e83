#include "edge/observe/redact.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::edge;

TEST_CASE("a share's token is not in a logged path, below any base path", "[edge]") {
    CHECK(redacted_path("/s/secret/a?x") == "/s/-/a");
    CHECK(redacted_path("/files/s/secret", "/files/") == "/files/s/-");
    CHECK(redacted_path("/files/s/", "/files/") == "/files/s/");
    CHECK(redacted_path("/s/x", "/files/") == "/s/x");
    CHECK(redacted_url("https://u:p@example.org/files/s/secret#f", "/files/") == "https://example.org/files/s/-");
    CHECK(redacted_url("https://example.org/s/secret") == "https://example.org/s/-");
}
