#include "edge/fields.h"

#include <catch2/catch_test_macros.hpp>

#include "edge/routes.h"
#include "edge/target.h"

using namespace bodega::edge;

TEST_CASE("names are told apart without case", "[edge][fields]") {
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

TEST_CASE("an underscore does not pass for a hyphen", "[edge][fields]") {
    CHECK(classify("Content_Length") == Name::spoofed);
    CHECK(classify("X_Forwarded_For") == Name::spoofed);
    CHECK(classify("X-Accel_Capable") == Name::spoofed);
    CHECK(classify("my_field") == Name::other);
}

TEST_CASE("Connection names fields", "[edge][fields]") {
    Fields fields = {{"Connection", "close, X-One", Name::connection}, {"connection", "x-two", Name::connection}};
    CHECK(connection_lists(fields, "x-one"));
    CHECK(connection_lists(fields, "X-TWO"));
    CHECK_FALSE(connection_lists(fields, "x-three"));
}

TEST_CASE("a field that is there twice is not the only one", "[edge][fields]") {
    Fields fields = {{"Range", "a", Name::range}, {"ETag", "b", Name::etag}, {"ETag", "c", Name::etag}};
    CHECK(only_field(fields, Name::range) == "a");
    CHECK_FALSE(only_field(fields, Name::etag));
    CHECK_FALSE(only_field(fields, Name::host));
}

TEST_CASE("routes", "[edge][routes]") {
    CHECK(route_of("/livez") == Route::live);
    CHECK(route_of("/readyz") == Route::app);
    CHECK(route_of("/api/v1/session") == Route::app);
    CHECK(route_of("/s/token/name") == Route::app);
    CHECK(route_of("/") == Route::page);
    CHECK(route_of("/folders/01ARZ3NDEKTSV4RRFFQ69G5FAV") == Route::page);
    CHECK(route_of("/folders/") == Route::asset);
    CHECK(route_of("/folders/a/b") == Route::asset);
    CHECK(route_of("/api") == Route::asset);
    CHECK(route_of("/API/v1") == Route::asset);
    CHECK(route_of("/_blobs/ab/cd/x") == Route::asset);
    CHECK(route_of("//api/") == Route::asset);
}

TEST_CASE("authorities", "[edge][target]") {
    for (std::string_view good : {"a", "a.example.org:1", "127.0.0.1:65535", "[::1]", "[2001:db8::1]:8080", "a_b-c"})
        CHECK(is_authority(good));
    for (std::string_view bad : {"", ":80", "a:", "a:0", "a:99999", "a:-1", "[::1", "[]", "[::1]x", "a b", "a/b", "a@b",
                                 "a%20", "::1", "[v1.x]", "[::1%25lo]"}) {
        INFO(bad);
        CHECK_FALSE(is_authority(bad));
    }
}
