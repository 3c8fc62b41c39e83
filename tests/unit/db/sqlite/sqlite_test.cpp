#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/error.h"
#include "db/connection.h"
#include "db/failure.h"
#include "db/source.h"
#include "support/catalog.h"
#include "support/temp_folder.h"

namespace bodega {
namespace {

using namespace std::chrono_literals;
using db::Connection;
using db::Sql;

constexpr Sql kAdd{"leases.add", "INSERT INTO leases (name, owner, fence, expires_at) VALUES (?, ?, 0, 0)"};
constexpr Sql kCount{"leases.count", "SELECT COUNT(*) FROM leases"};
constexpr Sql kBump{"leases.bump", "UPDATE leases SET fence = fence + 1 WHERE name = 'a'"};
constexpr Sql kFence{"leases.fence", "SELECT fence FROM leases WHERE name = 'a'"};

std::int64_t number(Connection& connection, const Sql& sql) {
    auto& row = connection.query(sql);
    const std::int64_t value = row.next() ? row.int64(0) : -1;
    row.reset();
    return value;
}

TEST_CASE("a file that SQLite can't open is named", "[db]") {
    test::TempFolder folder;
    const std::string deep(200, 'd');
    db::Source source;
    source.path = folder / (deep + "/" + deep + "/" + deep + "/catalog");  // longer than SQLite's 512 bytes
    std::filesystem::create_directories(std::filesystem::path(source.path).parent_path());
    try {
        db::connect(source);
        FAIL("a path of more than 512 bytes was opened");
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()).ends_with(" in " + source.path));
    }
}

TEST_CASE("the reads of one lease see one snapshot", "[db]") {
    test::TestCatalog catalog(db::Dialect::sqlite);
    catalog.pool().read([&](Connection& c) {
        CHECK(number(c, kCount) == 0);
        catalog.execute(kAdd, {"a", base::Ulid::make()});
        CHECK(number(c, kCount) == 0);
    });
    CHECK(catalog.number(kCount) == 1);
}

TEST_CASE("a write among reads is committed by itself", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    catalog.pool().read([&](Connection& c) {
        CHECK(number(c, kCount) == 0);
        c.execute(kAdd, {"a", base::Ulid::make()});
        CHECK(catalog.number(kCount) == 1);
        CHECK(number(c, kCount) == 1);
    });
}

TEST_CASE("a lease that ends while rows are read leaves nothing open", "[db]") {
    test::TestCatalog catalog(db::Dialect::sqlite, {.size = 1});
    for (int i = 0; i < 3; ++i) {
        catalog.pool().read([](Connection& c) { c.query(kCount).next(); });
        catalog.execute(kAdd, {std::to_string(i), base::Ulid::make()});
    }
    CHECK(catalog.number(kCount) == 3);
}

constexpr Sql kForever{"forever",
                       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"};
// Not SLEEP(), which MySQL ends without an error.
constexpr Sql kForeverMysql{"forever",
                            "SELECT COUNT(*) FROM information_schema.COLLATIONS a, information_schema.COLLATIONS b, "
                            "information_schema.COLLATIONS c, information_schema.COLLATIONS d"};

TEST_CASE("a statement has a time limit", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    db::Source hasty = catalog.source();
    const bool sqlite = hasty.dialect == db::Dialect::sqlite;
    hasty.query_timeout = sqlite ? 50ms : 1000ms;
    const auto connection = db::connect(hasty);
    try {
        number(*connection, sqlite ? kForever : kForeverMysql);
        FAIL("for ever was short");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
        CHECK(std::string(error.what()).starts_with("forever: "));
    }
    CHECK(number(*connection, kCount) == 0);
}

// Increments `times` times in a separate process.
pid_t bump_in_process(const db::Source& source, int times) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
        db::Pool pool(source, {});
        for (int i = 0; i < times; ++i) pool.transact([](Connection& c) { c.execute(kBump); });
        ::_exit(0);
    } catch (const base::Error&) {
        ::_exit(1);
    }
}

TEST_CASE("processes share a catalog", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    {
        // Closed before the fork: SQLite's handles don't survive one.
        const auto connection = db::connect(catalog.source());
        connection->execute(kAdd, {"a", base::Ulid::make()});
    }
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) children.push_back(bump_in_process(catalog.source(), 20));
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
    }
    CHECK(catalog.number(kFence) == 60);
}

}  // namespace
}  // namespace bodega
