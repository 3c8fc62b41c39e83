#include "http/fields.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

TEST_CASE("field names ignore case", "[http][fields]") {
    CHECK(classify("Content-Length") == Name::content_length);
    CHECK(classify("CONTENT-LENGTH") == Name::content_length);
    CHECK(classify("transfer-encoding") == Name::transfer_encoding);
    CHECK(classify("Proxy-Authorization") == Name::proxy_authorization);
    CHECK(classify("TE") == Name::te);
    CHECK(classify("X-Accel-Redirect") == Name::x_accel_redirect);
    CHECK(classify("X-Accel-Anything") == Name::x_accel);
    CHECK(classify("x-forwarded-for") == Name::x_forwarded);
    CHECK(classify("X-Forwarded") == Name::other);
    CHECK(classify("Cookie") == Name::other);
    CHECK(classify("") == Name::other);
}

TEST_CASE("an underscore does not match a hyphen", "[http][fields]") {
    CHECK(classify("Content_Length") == Name::spoofed);
    CHECK(classify("X_Forwarded_For") == Name::spoofed);
    CHECK(classify("X-Accel_Capable") == Name::spoofed);
    CHECK(classify("my_field") == Name::other);
}

TEST_CASE("Connection names fields", "[http][fields]") {
    Fields fields = {{"Connection", "close, X-One", Name::connection}, {"connection", "x-two", Name::connection}};
    CHECK(connection_lists(fields, "x-one"));
    CHECK(connection_lists(fields, "X-TWO"));
    CHECK_FALSE(connection_lists(fields, "x-three"));
}

TEST_CASE("a repeated field is not a single field", "[http][fields]") {
    Fields fields = {{"Range", "a", Name::range}, {"ETag", "b", Name::etag}, {"ETag", "c", Name::etag}};
    CHECK(only_field(fields, Name::range) == "a");
    CHECK_FALSE(only_field(fields, Name::etag));
    CHECK_FALSE(only_field(fields, Name::host));
}
