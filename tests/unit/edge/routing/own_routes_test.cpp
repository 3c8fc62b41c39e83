#include "edge/routing/own_routes.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::edge;

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
