#include "db/migrate.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstdio>
#include <thread>
#include <vector>

#include "db/failure.h"
#include "db/migration_lock.h"
#include "support/catalog.h"

namespace bodega {
namespace {

using db::MigrationFile;
using db::Sql;
using test::TestCatalog;

constexpr MigrationFile kFirst{1, "0001_first", "CREATE TABLE one (a INTEGER);\nCREATE TABLE two (a INTEGER);\n"};
constexpr MigrationFile kSecond{2, "0002_second",
                                "CREATE TABLE three (a INTEGER);\nINSERT INTO three (a) VALUES (7);\n"
                                "CREATE INDEX three_a ON three (a);\n"};
constexpr MigrationFile kBroken{2, "0002_broken", "CREATE TABLE three (a INTEGER);\nCREATE NONSENSE;\n"};
constexpr Sql kThree{"three", "SELECT SUM(a) FROM three"};

std::vector<int> apply(TestCatalog& catalog, std::vector<MigrationFile> files) {
    return db::migrate(*catalog.pool().acquire(), files);
}

int version(TestCatalog& catalog) { return db::schema_version(*catalog.pool().acquire()); }

TEST_CASE("a migration is split into its statements", "[db]") {
    const auto steps = db::migration_steps("-- why\nCREATE TABLE a (\n    b INT -- what; \n);\n\n  -- c\nINSERT d;\nE");
    REQUIRE(steps.size() == 3);
    CHECK(steps[0] == "CREATE TABLE a (\n    b INT -- what; \n)");
    CHECK(steps[1] == "INSERT d");
    CHECK(steps[2] == "E");
    CHECK(db::migration_steps("\n-- nothing\n").empty());
}

TEST_CASE("the migrations' lock has the name that every version gives it", "[db]") {
    CHECK(db::migration_lock_name("bodega") == "bodega.3baf528f4931bfee6bd89bfe322c0f994592728b");
    CHECK(db::migration_lock_name("d\xc3\xa9p\xc3\xb4t") == "bodega.10b6f44ba988bb21e15f7f732205ce480b8c037d");
    TestCatalog catalog(db::Dialect::mysql, TestCatalog::Empty{});
    const auto connection = catalog.pool().acquire();
    const std::string name = db::migration_lock_name(catalog.source().name);
    const auto holder = [&] { return catalog.number({"holder", "SELECT IS_USED_LOCK(?) IS NOT NULL"}, {name}); };
    {
        const db::MigrationLock lock(*connection, std::chrono::milliseconds(0));
        CHECK(holder() == 1);
    }
    CHECK(holder() == 0);
}

TEST_CASE("migrations are applied in order, once", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    CHECK(version(catalog) == 0);
    CHECK(apply(catalog, {kFirst}) == std::vector{1});
    CHECK(version(catalog) == 1);
    CHECK(apply(catalog, {kFirst, kSecond}) == std::vector{2});
    CHECK(apply(catalog, {kFirst, kSecond}).empty());
    CHECK(version(catalog) == 2);
    CHECK(catalog.number(kThree) == 7);
}

TEST_CASE("a schema that is newer than the binary is not changed", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    apply(catalog, {kFirst, kSecond});
    CHECK(apply(catalog, {kFirst}).empty());
    CHECK(version(catalog) == 2);
}

TEST_CASE("a failed migration continues where it stopped", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    try {
        apply(catalog, {kFirst, kBroken});
        FAIL("nonsense was accepted");
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()).starts_with("0002_broken step 2: "));
    }
    CHECK(version(catalog) == (catalog.source().dialect == db::Dialect::mysql ? 1 : 0));
    apply(catalog, {kFirst, kSecond});
    CHECK(version(catalog) == 2);
    CHECK(catalog.number(kThree) == 7);
}

TEST_CASE("a crash between a migration's step and its record is repaired", "[db]") {
    TestCatalog catalog(db::Dialect::mysql, TestCatalog::Empty{});
    apply(catalog, {kFirst, kSecond});
    const auto crash_after = [&](int recorded) {
        constexpr Sql kForget{"forget", "UPDATE schema_migrations SET done = ?, finished_at = NULL WHERE version = 2"};
        catalog.execute(kForget, {recorded});
        CHECK(version(catalog) == 1);
    };
    crash_after(2);  // the index is there
    CHECK(apply(catalog, {kFirst, kSecond}) == std::vector{2});
    catalog.pool().acquire()->execute_text("undo", "DROP TABLE three");
    catalog.pool().acquire()->execute_text("undo", "CREATE TABLE three (a INTEGER)");
    crash_after(0);  // the table is there
    CHECK(apply(catalog, {kFirst, kSecond}) == std::vector{2});
    CHECK(catalog.number(kThree) == 7);
}

TEST_CASE("a table that no migration made is an error", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    catalog.pool().acquire()->execute_text("other", "CREATE TABLE two (b INTEGER)");
    CHECK_THROWS_AS(apply(catalog, {kFirst}), base::Error);
}

// Each process counts the migrations that it applied; together each version is applied once.
int migrate_in_processes(const db::Source& source, int processes) {
    std::fflush(nullptr);  // or each child writes it again
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            try {
                ::_exit(static_cast<int>(db::migrate(source).size()));
            } catch (const base::Error&) {
                ::_exit(100);
            }
        }
        children.push_back(child);
    }
    int applied = 0;
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        applied += WIFEXITED(status) ? WEXITSTATUS(status) : 100;
    }
    return applied;
}

TEST_CASE("processes that start together on an empty catalog all succeed", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    CHECK(migrate_in_processes(catalog.source(), 4) == static_cast<int>(db::embedded_migrations("sqlite").size()));
    CHECK(version(catalog) > 0);
    CHECK(catalog.number({"users", "SELECT COUNT(*) FROM users"}) == 0);
}

TEST_CASE("threads that migrate together all succeed", "[db]") {
    TestCatalog catalog(GENERATE(from_range(test::engines())), TestCatalog::Empty{});
    std::atomic<std::size_t> applied = 0;
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 4; ++i) nodes.emplace_back([&] { applied += db::migrate(catalog.source()).size(); });
    }
    CHECK(applied == db::embedded_migrations("sqlite").size());
}

TEST_CASE("both engines have the same migrations", "[db]") {
    const auto sqlite = db::embedded_migrations("sqlite");
    const auto mysql = db::embedded_migrations("mysql");
    REQUIRE(sqlite.size() == mysql.size());
    for (std::size_t i = 0; i < sqlite.size(); ++i) {
        CHECK(sqlite[i].version == mysql[i].version);
        CHECK(sqlite[i].name == mysql[i].name);
    }
}

}  // namespace
}  // namespace bodega
