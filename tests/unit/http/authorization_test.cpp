#include "http/authorization.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

TEST_CASE("Authorization is a scheme in any case, and what follows it", "[http]") {
    const Authorization bearer = parse_authorization("bEarer  abc=");
    CHECK(bearer.has_scheme("Bearer"));
    CHECK_FALSE(bearer.has_scheme("Bear"));
    CHECK(bearer.credentials == "abc=");
    CHECK(parse_authorization("Bearer").credentials.empty());
    CHECK(parse_authorization("").scheme.empty());
    CHECK(parse_authorization("Bearerx y").has_scheme("Bearerx"));
}

TEST_CASE("Basic credentials are base64 of a user, a colon and a password", "[http]") {
    const auto found = parse_basic("QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617 section 2
    REQUIRE(found);
    CHECK(found->user == "Aladdin");
    CHECK(found->password == "open sesame");
    const auto colons = parse_basic("OmE6Yg==");
    REQUIRE(colons);
    CHECK(colons->user.empty());
    CHECK(colons->password == "a:b");
    for (auto malformed : {"", "QWxhZGRpbg==", "QWxhZGRpbjpvcGVuIHNlc2FtZQ", "?", "QWxh ZGRpbjpvcGVu"})
        CHECK_FALSE(parse_basic(malformed));
}
