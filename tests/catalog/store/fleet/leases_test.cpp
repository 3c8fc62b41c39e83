// Leases have one holder for each name, use the database's clock, and have growing tokens.
#include "store/fleet/leases.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>
#include <vector>

#include "support/catalog.h"

namespace bodega::store {
namespace {

constexpr base::Milliseconds kLong = 60'000;

std::optional<std::int64_t> acquire(db::Pool& pool, const base::Ulid& owner) {
    return pool.transact([&](db::Connection& connection) { return Leases(connection).acquire("sweep", owner, kLong); });
}

}  // namespace

TEST_CASE("a lease has one holder, whose token is the greatest") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    db::Pool& pool = catalog.pool();
    const base::Ulid one = base::Ulid::make(), two = base::Ulid::make();
    const auto first = acquire(pool, one);
    REQUIRE(first);
    CHECK_FALSE(acquire(pool, two));
    CHECK(acquire(pool, one) == first);  // its holder may ask again
    const db::Sql end{"test.end", "UPDATE leases SET expires_at = {now} - 1"};
    catalog.execute(end);
    {
        auto connection = pool.acquire();
        CHECK_FALSE(Leases(*connection).renew("sweep", one, *first, kLong));  // too late, though nobody took it
    }
    const auto second = acquire(pool, two);
    REQUIRE(second);
    CHECK(*second > *first);
    auto connection = pool.acquire();
    Leases leases(*connection);
    CHECK_FALSE(leases.renew("sweep", one, *first, kLong));
    leases.release("sweep", one, *first);  // the previous holder can't change anything
    CHECK(leases.renew("sweep", two, *second, kLong));
    leases.release("sweep", two, *second);
    CHECK_FALSE(leases.renew("sweep", two, *second, kLong));
}

TEST_CASE("one of many concurrent requests gets the lease") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    std::atomic<int> holders{0};
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 6; ++i)
            nodes.emplace_back([&] { holders += acquire(catalog.pool(), base::Ulid::make()).has_value(); });
    }
    CHECK(holders == 1);
}

}  // namespace bodega::store
