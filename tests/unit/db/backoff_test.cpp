#include "db/backoff.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::db {
namespace {

using namespace std::chrono_literals;
using base::Steady;
using Kind = Failure::Kind;

TEST_CASE("a permanent error is not retried", "[db]") {
    Backoff backoff;
    CHECK_FALSE(backoff.again(Kind::other, Steady::now() + 1h));
    CHECK_FALSE(backoff.again(Kind::exists, Steady::now() + 1h));
}

TEST_CASE("the number of retries is limited", "[db]") {
    Backoff backoff;
    int tries = 0;
    while (backoff.again(Kind::again, Steady::now() + 1h)) REQUIRE(++tries < 100);
    CHECK(tries >= 5);
}

TEST_CASE("the time of retries is limited, and there is no sleep after the last", "[db]") {
    Backoff backoff;
    const auto began = Steady::now();
    CHECK_FALSE(backoff.again(Kind::lost, began));
    CHECK(Steady::now() - began < 20ms);
}

}  // namespace
}  // namespace bodega::db
