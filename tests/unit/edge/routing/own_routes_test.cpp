#include "edge/routing/own_routes.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::edge;

TEST_CASE("routes", "[edge][routes]") {
    CHECK(own_route_of("/livez") == OwnRoute::live);
    CHECK(own_route_of("/readyz") == OwnRoute::app);
    CHECK(own_route_of("/api/v1/session") == OwnRoute::app);
    CHECK(own_route_of("/s/token/name") == OwnRoute::app);
    CHECK(own_route_of("/") == OwnRoute::page);
    CHECK(own_route_of("/folders/01ARZ3NDEKTSV4RRFFQ69G5FAV") == OwnRoute::page);
    CHECK(own_route_of("/folders/") == OwnRoute::asset);
    CHECK(own_route_of("/folders/a/b") == OwnRoute::asset);
    CHECK(own_route_of("/api") == OwnRoute::asset);
    CHECK(own_route_of("/API/v1") == OwnRoute::asset);
    CHECK(own_route_of("/_blobs/ab/cd/x") == OwnRoute::asset);
    CHECK(own_route_of("//api/") == OwnRoute::asset);
}
