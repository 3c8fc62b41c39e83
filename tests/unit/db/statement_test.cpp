#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "base/error.h"
#include "support/catalog.h"

namespace bodega {
namespace {

using db::Outcome;
using db::Sql;

constexpr Sql kAdd{"leases.add", "INSERT INTO leases (name, owner, fence, expires_at) VALUES (?, ?, ?, ?)"};
constexpr Sql kGet{"leases.get", "SELECT owner, fence, name FROM leases WHERE name = ?"};
constexpr Sql kTouch{"leases.touch", "UPDATE leases SET fence = ? WHERE fence = ?"};

TEST_CASE("what is bound comes back as it was", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const auto id = base::Ulid::make();
    const std::string name = std::string("a\0b'\"\\ñ%_", 10);
    auto connection = catalog.pool().acquire();
    CHECK(connection->execute(kAdd, {name, id, INT64_MIN, INT64_MAX}).rows == 1);
    auto& row = connection->query(kGet, {name});
    REQUIRE(row.next());
    CHECK(row.ulid(0) == id);
    CHECK(row.int64(1) == INT64_MIN);
    CHECK(row.text(2) == name);
    CHECK_FALSE(row.next());
    CHECK_FALSE(row.next());
}

TEST_CASE("rows are those the WHERE found, changed or not", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    for (const char* name : {"a", "b", "c"}) catalog.execute(kAdd, {name, base::Ulid::make(), 7, 0});
    CHECK(catalog.execute(kTouch, {7, 7}).rows == 3);
    CHECK(catalog.execute(kTouch, {7, 8}).rows == 0);
}

TEST_CASE("a taken key is an outcome, not an error", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    CHECK(catalog.execute(kAdd, {"a", base::Ulid::make(), 1, 0}).outcome == Outcome::done);
    const auto again = catalog.execute(kAdd, {"a", base::Ulid::make(), 1, 0});
    CHECK(again.outcome == Outcome::duplicate);
    CHECK(again.rows == 0);
}

}  // namespace
}  // namespace bodega
