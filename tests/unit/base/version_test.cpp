#include "base/version.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace bodega::base;

TEST_CASE("the version is three numbers and the commit is known") {
    CHECK(std::count(version().begin(), version().end(), '.') == 2);
    CHECK_FALSE(commit().empty());
}
