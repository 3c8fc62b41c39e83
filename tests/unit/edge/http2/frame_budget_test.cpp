#include "edge/http2/frame_budget.h"

#include <catch2/catch_test_macros.hpp>

using bodega::edge::FrameBudget;

TEST_CASE("a budget is a burst, then a rate", "[http2]") {
    FrameBudget budget(3, 2);
    CHECK(budget.take(3, 1000));
    CHECK_FALSE(budget.take(1, 1499));
    CHECK(budget.take(1, 1500));
    CHECK_FALSE(budget.take(1, 1500));
    CHECK(budget.take(3, 100'000));
    CHECK_FALSE(budget.take(1, 100'000));
}

TEST_CASE("useful requests add to a budget, also beyond its burst", "[http2]") {
    FrameBudget budget(3, 2);
    budget.earn(100);
    CHECK(budget.take(102, 1000));
    CHECK(budget.take(1, 1000));
    CHECK_FALSE(budget.take(1, 1000));
    budget.earn(1);
    CHECK(budget.take(1, 1000));
    CHECK_FALSE(budget.take(1, 1000));
}
