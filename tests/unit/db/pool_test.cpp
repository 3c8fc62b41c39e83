#include "db/pool.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <thread>
#include <vector>

#include "db/failure.h"
#include "support/catalog.h"
#include "support/code_of.h"
#include "support/edge_sockets.h"
#include "support/mariadb.h"

namespace bodega {

using test::code_of;
namespace {

using namespace std::chrono_literals;
using db::Pool;
using db::Sql;

constexpr Sql kOne{"one", "SELECT 1"};
constexpr Sql kCount{"leases.count", "SELECT COUNT(*) FROM leases"};

std::int64_t one(db::Connection& connection) {
    auto& row = connection.query(kOne);
    row.next();
    return row.int64(0);
}

TEST_CASE("connections are made on demand and reused", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 3});
    Pool& pool = catalog.pool();
    CHECK(pool.stats().open == 0);
    {
        const auto first = pool.acquire();
        const auto second = pool.acquire();
        CHECK(pool.stats().open == 2);
        CHECK(pool.stats().busy == 2);
    }
    CHECK(pool.stats().open == 2);
    CHECK(pool.stats().busy == 0);
    const auto again = pool.acquire();
    CHECK(pool.stats().open == 2);
}

TEST_CASE("callers of a full pool wait, and get an error at their deadline", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 1, .wait = 300ms});
    Pool& pool = catalog.pool();
    {
        const auto held = pool.acquire();
        try {
            pool.acquire();
            FAIL("two connections from a pool of one");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::Code::unavailable);
            CHECK(error.retry_after() == 1);
        }
        CHECK(pool.stats().timeouts == 1);
        CHECK(pool.stats().waiting == 0);
    }
    CHECK(pool.read(one) == 1);
}

TEST_CASE("the caller that waits longest is served first", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 1, .wait = 10s});
    Pool& pool = catalog.pool();
    std::vector<int> order;  // written by the holder of the one connection
    std::vector<std::jthread> callers;
    {
        const auto held = pool.acquire();
        for (int i = 0; i < 6; ++i) {
            callers.emplace_back([&, i] {
                const auto lease = pool.acquire();
                order.push_back(i);
            });
            while (pool.stats().waiting != i + 1) std::this_thread::sleep_for(1ms);
        }
    }
    callers.clear();
    CHECK(order == std::vector{0, 1, 2, 3, 4, 5});
    CHECK(pool.stats().open == 1);
}

TEST_CASE("a transaction that a lease leaves open is rolled back", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 1});
    constexpr Sql kAdd{"leases.add", "INSERT INTO leases (name, owner, fence, expires_at) VALUES ('a', ?, 1, 0)"};
    {
        const auto lease = catalog.pool().acquire();
        lease->begin();
        lease->execute(kAdd, {base::Ulid::make()});
        lease->query(kCount).next();
    }
    CHECK(catalog.number(kCount) == 0);
    CHECK(catalog.execute(kAdd, {base::Ulid::make()}).rows == 1);
    CHECK(catalog.number(kCount) == 1);
}

TEST_CASE("many threads share few connections", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 3});
    std::atomic<int> sum = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 12; ++i) {
            callers.emplace_back([&] {
                for (int k = 0; k < 50; ++k) sum += static_cast<int>(catalog.pool().read(one));
            });
        }
    }
    CHECK(sum == 600);
    CHECK(catalog.pool().stats().open <= 3);
    CHECK(catalog.pool().stats().busy == 0);
}

TEST_CASE("a read is retried after killed connections", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql, {.size = 4});
    Pool& pool = catalog.pool();
    { const auto a = pool.acquire(), b = pool.acquire(); }
    test::MariaDb::instance().kill_connections();
    CHECK(pool.read(one) == 1);
    CHECK(pool.stats().reconnects >= 1);
    // Also in the middle of its work.
    int runs = 0;
    CHECK(pool.read([&](db::Connection& connection) {
        if (++runs == 1) test::MariaDb::instance().kill_connections();
        return one(connection);
    }) == 1);
    CHECK(runs == 2);
}

TEST_CASE("a server that is away is reported as unavailable, quickly after the first time, and is found again",
          "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql, {.size = 2, .wait = 200ms});
    auto& server = test::MariaDb::instance();
    Pool& pool = catalog.pool();
    CHECK(pool.read(one) == 1);
    server.stop();
    CHECK(code_of([&] { pool.read(one); }) == base::Code::unavailable);
    std::this_thread::sleep_for(300ms);
    const auto began = base::Steady::now();
    for (int i = 0; i < 20; ++i) CHECK(code_of([&] { pool.read(one); }) == base::Code::unavailable);
    CHECK(base::Steady::now() - began < 2s);
    CHECK(pool.stats().open == 0);
    server.start();
    // A connection attempt that began while the server was away may still report that.
    auto answers = [&] {
        try {
            return pool.read(one) == 1;
        } catch (const base::Error&) {
            return false;
        }
    };
    const auto back = base::Steady::now();
    bool found = answers();
    while (!found && base::Steady::now() - back < 5s) {
        std::this_thread::sleep_for(10ms);
        found = answers();
    }
    CHECK(found);
}

TEST_CASE("a server that accepts and never answers blocks no caller for long", "[db]") {
    const test::RawUpstream mute("0", [](test::Stream& stream) { stream.receive_all(); });
    db::Source source;
    source.dialect = db::Dialect::mysql;
    source.host = "127.0.0.1";
    source.port = std::stoi(mute.port());
    source.connect_timeout = 2s;
    Pool pool(source, {.size = 2, .wait = 100ms});
    for (int i = 0; i < 3; ++i) {
        const auto began = base::Steady::now();
        CHECK(code_of([&] { pool.read(one); }) == base::Code::unavailable);
        CHECK(base::Steady::now() - began < 1s);
    }
}

TEST_CASE("a server without free connections refuses callers with Retry-After", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql, {.size = 2, .wait = 1s});
    auto& server = test::MariaDb::instance();
    server.administer("ALTER USER bodega@'%' WITH MAX_USER_CONNECTIONS 1");
    const auto first = catalog.pool().acquire();
    try {
        const auto second = catalog.pool().acquire();
        FAIL("two connections where one is allowed");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
        CHECK(error.retry_after() == 2);
    }
    server.administer("ALTER USER bodega@'%' WITH MAX_USER_CONNECTIONS 0");
    CHECK_NOTHROW(catalog.pool().acquire());
}

}  // namespace
}  // namespace bodega
