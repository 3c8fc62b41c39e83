#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "db/failure.h"
#include "support/catalog.h"
#include "support/mariadb.h"
#include "support/relay.h"

namespace bodega {
namespace {

using namespace std::chrono_literals;
using db::Connection;
using db::Sql;
using test::MariaDb;
using test::Relay;

constexpr Sql kAdd{"leases.add", "INSERT INTO leases (name, owner, fence, expires_at) VALUES (?, ?, 0, 0)"};
constexpr Sql kCount{"leases.count", "SELECT COUNT(*) FROM leases"};
constexpr Sql kBump{"leases.bump", "UPDATE leases SET fence = fence + 1 WHERE name = ?"};
constexpr Sql kFence{"leases.fence", "SELECT fence FROM leases WHERE name = ?{for_update}"};
constexpr Sql kSet{"leases.set", "UPDATE leases SET fence = ? WHERE name = ?"};
constexpr Sql kSeen{"leases.seen", "SELECT fence FROM leases WHERE name = ?"};

std::int64_t number(Connection& connection, const Sql& sql, std::initializer_list<db::Param> params = {}) {
    auto& row = connection.query(sql, params);
    const std::int64_t value = row.next() ? row.int64(0) : -1;
    row.reset();
    return value;
}

void add(Connection& connection, std::string_view name) { connection.execute(kAdd, {name, base::Ulid::make()}); }

TEST_CASE("a transaction is committed as a whole, or not at all", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 1});
    CHECK(catalog.pool().transact([](Connection& c) {
        add(c, "a");
        add(c, "b");
        return number(c, kCount);
    }) == 2);
    CHECK(catalog.number(kCount) == 2);
    CHECK_THROWS_AS(catalog.pool().transact([](Connection& c) {
        add(c, "c");
        throw std::runtime_error("no");
    }),
                    std::runtime_error);
    CHECK(catalog.number(kCount) == 2);
    catalog.pool().transact([](Connection& c) { add(c, "d"); });
    CHECK(catalog.number(kCount) == 3);
}

TEST_CASE("a single attempt survives a killed connection, and is not retried again", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql, {.size = 2, .wait = 10s});
    int runs = 0;
    catalog.pool().attempt([&](Connection& c) {
        if (++runs == 1) MariaDb::instance().kill_connections();
        add(c, "a");
    });
    CHECK(runs == 2);
    CHECK(catalog.number(kCount) == 1);
    const auto began = base::Steady::now();
    CHECK_THROWS_AS(catalog.pool().attempt([&](Connection& c) {
        MariaDb::instance().kill_connections();
        add(c, "b");
    }),
                    db::Failure);
    CHECK(base::Steady::now() - began < 2s);
}

TEST_CASE("the locks of a silent client end with its session", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql, {.size = 1, .wait = 10s});
    catalog.pool().transact([](Connection& c) { add(c, "a"); });
    db::Source source = catalog.source();
    source.idle_timeout = source.idle_transaction_timeout = 1s;
    db::Pool silent(source, {.size = 1});
    const auto lease = silent.acquire();
    SECTION("within a transaction") {
        lease->begin();
        lease->execute(kBump, {"a"});
        catalog.pool().transact([](Connection& c) { c.execute(kBump, {"a"}); });
        CHECK(catalog.number(kSeen, {"a"}) == 1);
    }
    SECTION("outside of one, which is MySQL's only limit") {
        constexpr Sql kTake{"test.lock", "SELECT GET_LOCK('a test', 5)"};
        CHECK(number(*lease, kTake) == 1);
        CHECK(catalog.number(kTake) == 1);
    }
}

TEST_CASE("a duplicate key leaves the transaction usable", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    catalog.pool().transact([](Connection& c) {
        add(c, "a");
        CHECK(c.execute(kAdd, {"a", base::Ulid::make()}).outcome == db::Outcome::duplicate);
        add(c, "b");
    });
    CHECK(catalog.number(kCount) == 2);
}

TEST_CASE("concurrent writers lose no increment", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())), {.size = 6});
    catalog.execute(kAdd, {"a", base::Ulid::make()});
    {
        std::vector<std::jthread> writers;
        for (int i = 0; i < 6; ++i) {
            writers.emplace_back([&] {
                for (int k = 0; k < 25; ++k) {
                    catalog.pool().transact([](Connection& c) {
                        const auto value = number(c, kFence, {"a"});
                        c.execute(kSet, {value + 1, "a"});
                    });
                    catalog.execute(kBump, {"a"});
                }
            });
        }
    }
    CHECK(catalog.number(kFence, {"a"}) == 300);
}

TEST_CASE("on SQLite, writers that wait leave the connections to readers", "[db]") {
    test::TestCatalog catalog(db::Dialect::sqlite, {.size = 2, .wait = 5s});
    constexpr int kWaiting = 4;
    std::latch writing(1), release(1), begun(kWaiting);
    std::vector<std::jthread> writers;
    writers.emplace_back([&] {
        catalog.pool().transact([&](Connection& c) {
            add(c, "first");
            writing.count_down();
            release.wait();
        });
    });
    writing.wait();
    for (int i = 0; i < kWaiting; ++i) {
        writers.emplace_back([&, i] {
            begun.count_down();
            catalog.pool().transact([&](Connection& c) { add(c, std::to_string(i)); });
        });
    }
    begun.wait();
    std::this_thread::sleep_for(100ms);
    const auto before = base::Steady::now();
    const bool read = catalog.number(kCount) == 0;
    const auto took = base::Steady::now() - before;
    release.count_down();
    writers.clear();
    CHECK(read);
    CHECK(took < 1s);
    CHECK(catalog.number(kCount) == 1 + kWaiting);
}

TEST_CASE("the victim of a deadlock is retried", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    catalog.execute(kAdd, {"a", base::Ulid::make()});
    catalog.execute(kAdd, {"b", base::Ulid::make()});
    const bool mysql = catalog.source().dialect == db::Dialect::mysql;  // SQLite has one writer at a time
    std::atomic<int> runs = 0;
    std::latch both_hold_one(2);
    const auto bump_both = [&](const char* first, const char* second) {
        catalog.pool().transact([&](Connection& c) {
            c.execute(kBump, {first});
            if (++runs <= 2 && mysql) both_hold_one.arrive_and_wait();
            c.execute(kBump, {second});
        });
    };
    {
        std::jthread one([&] { bump_both("a", "b"); });
        std::jthread two([&] { bump_both("b", "a"); });
    }
    CHECK(catalog.number(kFence, {"a"}) == 2);
    CHECK(catalog.number(kFence, {"b"}) == 2);
    CHECK(runs == (mysql ? 3 : 2));
    CHECK(catalog.pool().stats().retries == (mysql ? 1 : 0));
}

TEST_CASE("a transaction whose connection died is retried on a new one", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    int runs = 0;
    catalog.pool().transact([&](Connection& c) {
        add(c, "a");
        if (++runs == 1) MariaDb::instance().kill_connections();
        add(c, "b");
    });
    CHECK(runs == 2);
    CHECK(catalog.number(kCount) == 2);
}

TEST_CASE("a transaction survives a restart of the server", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    int runs = 0;
    catalog.pool().transact([&](Connection& c) {
        add(c, "a");
        if (++runs == 1) MariaDb::instance().restart();
        add(c, "b");
    });
    CHECK(runs >= 2);
    CHECK(catalog.number(kCount) == 2);
}

TEST_CASE("a connection to a server that became read-only is replaced", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    MariaDb::instance().set_read_only(true);
    int runs = 0;
    catalog.pool().transact([&](Connection& c) {
        if (++runs == 3) MariaDb::instance().set_read_only(false);
        add(c, "a");
    });
    CHECK(runs >= 3);
    CHECK(catalog.pool().stats().reconnects >= 2);
    CHECK(catalog.number(kCount) == 1);
}

// A catalog behind a relay.
struct Relayed {
    test::TestCatalog catalog{db::Dialect::mysql};
    Relay relay{MariaDb::instance().port()};
    db::Source source = through(relay, catalog.source());
    db::Pool pool{source, {}};

    static db::Source through(const Relay& relay, db::Source source) {
        source = MariaDb::instance().over_tcp(source);
        source.port = relay.port();
        return source;
    }
};

TEST_CASE("a lost COMMIT is looked up, not retried", "[db]") {
    const auto cut = GENERATE(Relay::Cut::before, Relay::Cut::after, Relay::Cut::late);
    Relayed relayed;
    relayed.catalog.execute(kAdd, {"a", base::Ulid::make()});
    relayed.relay.cut_next_commit(cut);
    int runs = 0, asked = 0;
    const auto result = relayed.pool.transact(
        [&](Connection& c) {
            c.execute(kBump, {"a"});
            return ++runs;
        },
        [&](Connection& c) {
            ++asked;
            return number(c, kSeen, {"a"}) > 0;
        });
    CHECK(relayed.relay.cuts() == 1);
    CHECK(asked == 1);
    CHECK(runs == (cut == Relay::Cut::after ? 1 : 2));
    CHECK(result == runs);
    std::this_thread::sleep_for(cut == Relay::Cut::late ? 400ms : 0ms);
    CHECK(relayed.catalog.number(kSeen, {"a"}) == 1);
}

TEST_CASE("a COMMIT with an unknown outcome is reported as unknown, never guessed", "[db]") {
    Relayed relayed;
    relayed.relay.cut_next_commit(GENERATE(Relay::Cut::before, Relay::Cut::after));
    int runs = 0;
    try {
        relayed.pool.transact([&](Connection& c) {
            ++runs;
            add(c, "a");
        });
        FAIL("it can't know");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
    }
    CHECK(runs == 1);
}

TEST_CASE("a wait for a locked row times out with an error", "[db]") {
    test::TestCatalog catalog(db::Dialect::mysql);
    catalog.execute(kAdd, {"a", base::Ulid::make()});
    db::Source hasty = catalog.source();
    hasty.query_timeout = 1000ms;
    db::Pool pool(hasty, {.size = 2, .wait = 100ms});
    const auto holder = catalog.pool().acquire();
    holder->begin();
    holder->execute(kBump, {"a"});
    try {
        pool.transact([](Connection& c) { c.execute(kBump, {"a"}); });
        FAIL("the row was locked");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
    }
    CHECK(pool.stats().busy == 0);
}

}  // namespace
}  // namespace bodega
