#include "http/status.h"

#include <catch2/catch_test_macros.hpp>

using bodega::http::reason_phrase;

TEST_CASE("a status has its registered phrase, another one that of its class", "[http]") {
    CHECK(reason_phrase(200) == "OK");
    CHECK(reason_phrase(404) == "Not Found");
    CHECK(reason_phrase(413) == "Content Too Large");
    CHECK(reason_phrase(507) == "Insufficient Storage");
    CHECK(reason_phrase(199) == "Interim");
    CHECK(reason_phrase(299) == "OK");
    CHECK(reason_phrase(460) == "Client Error");
    CHECK(reason_phrase(599) == "Server Error");
}
