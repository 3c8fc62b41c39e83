#include "cli/table.h"

#include <catch2/catch_test_macros.hpp>

using bodega::cli::table;

TEST_CASE("columns are as wide as their longest cell in characters", "[cli]") {
    const auto lines = table({{"NAME", "STATE"}, {"añil", "ready"}, {"b", ""}, {"longer", "gone"}});
    CHECK(lines == std::vector<std::string>{"NAME    STATE", "añil    ready", "b", "longer  gone"});
    CHECK(table({}).empty());
}
