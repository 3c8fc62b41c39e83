#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <string>

#include "db/failure.h"
#include "support/catalog.h"

namespace bodega {
namespace {

using db::Blob;
using db::Null;
using db::Outcome;
using db::Param;
using db::Sql;

constexpr Sql kAdd{"leases.add", "INSERT INTO leases (name, owner, fence, expires_at) VALUES (?, ?, ?, ?)"};
constexpr Sql kGet{"leases.get", "SELECT owner, fence, name FROM leases WHERE name = ?"};
constexpr Sql kTouch{"leases.touch", "UPDATE leases SET fence = ? WHERE fence = ?"};
constexpr Sql kCount{"leases.count", "SELECT COUNT(*) FROM leases"};
constexpr Sql kNames{"leases.names", "SELECT name FROM leases ORDER BY name"};

void add(test::TestCatalog& catalog, const char* name, std::int64_t fence = 1) {
    catalog.execute(kAdd, {name, base::Ulid::make(), fence, 0});
}

TEST_CASE("bound values come back unchanged", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const auto id = base::Ulid::make();
    const std::string name = std::string("a\0b'\"\\ñ%_", 11);
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

constexpr Sql kEvent{"audit.add",
                     "INSERT INTO audit (id, at, user_id, username, action, target, target_id, address, detail) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Sql kEventBack{"audit.get", "SELECT user_id, username, target_id, detail, at, LENGTH(detail) FROM audit"};

TEST_CASE("NULL, empty and large values are distinct", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const std::string much(60'000, 'x');
    const std::optional<base::Ulid> nobody;
    catalog.execute(kEvent, {base::Ulid::make(), 0, nobody, "", "a", std::string_view{}, Null{}, "", much});
    auto connection = catalog.pool().acquire();
    auto& row = connection->query(kEventBack);
    REQUIRE(row.next());
    CHECK(row.is_null(0));
    CHECK_FALSE(row.optional_ulid(0));
    CHECK(row.ulid(0).is_nil());
    CHECK_FALSE(row.optional_int64(2));
    CHECK(row.int64(2) == 0);
    CHECK(row.text(2).empty());
    CHECK_FALSE(row.is_null(1));
    CHECK(row.text(1).empty());
    CHECK(row.text(3) == much);
    CHECK(row.optional_int64(4) == 0);
    CHECK(row.int64(5) == 60'000);
}

constexpr Sql kKeep{"big.keep", "INSERT INTO big (text) VALUES (?)"};
constexpr Sql kBig{"big.get", "SELECT text FROM big ORDER BY LENGTH(text)"};

TEST_CASE("a value may be larger than any buffer", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    connection->execute_text("big", "CREATE TABLE big (text MEDIUMTEXT)");
    for (const std::size_t size : {250UL, 251UL, 65535UL, 65536UL, 3'000'000UL}) {
        connection->execute(kKeep, {std::string(size, static_cast<char>('a' + size % 26))});
    }
    auto& row = connection->query(kBig);
    for (const std::size_t size : {250UL, 251UL, 65535UL, 65536UL, 3'000'000UL}) {
        REQUIRE(row.next());
        CHECK((row.text(0) == std::string(size, static_cast<char>('a' + size % 26))));
    }
}

constexpr Sql kSum{"leases.sum", "SELECT SUM(fence), MAX(fence), COUNT(*), SUM(fence) FROM leases"};

TEST_CASE("sums and counts are integers, and numbers can be read as text", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    add(catalog, "a", 4'000'000'000'000);
    add(catalog, "b", -1);
    auto connection = catalog.pool().acquire();
    auto& row = connection->query(kSum);
    REQUIRE(row.next());
    CHECK(row.int64(0) == 3'999'999'999'999);
    CHECK(row.int64(1) == 4'000'000'000'000);
    CHECK(row.int64(2) == 2);
    CHECK(row.text(1) == "4000000000000");
}

TEST_CASE("the row count is of rows that WHERE matched, changed or not", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    for (const char* name : {"a", "b", "c"}) add(catalog, name, 7);
    CHECK(catalog.execute(kTouch, {7, 7}).rows == 3);
    CHECK(catalog.execute(kTouch, {7, 8}).rows == 0);
}

TEST_CASE("a duplicate key is a result, not an error", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    CHECK(catalog.execute(kAdd, {"a", base::Ulid::make(), 1, 0}).outcome == Outcome::done);
    const auto again = catalog.execute(kAdd, {"a", base::Ulid::make(), 1, 0});
    CHECK(again.outcome == Outcome::duplicate);
    CHECK(again.rows == 0);
    CHECK(catalog.execute(kAdd, {"b", base::Ulid::make(), 1, 0}).outcome == Outcome::done);
}

constexpr Sql kIgnore{"leases.ignore",
                      "{insert_ignore} INTO leases (name, owner, fence, expires_at) VALUES (?, ?, ?, ?)"};
constexpr Sql kUpsert{"leases.upsert",
                      "INSERT INTO leases (name, owner, fence, expires_at) VALUES (?, ?, ?, 0) "
                      "{on_conflict name} fence = {greatest}(fence, {excluded fence}), owner = {excluded owner}"};

TEST_CASE("upserts and ignored inserts count the same on both engines", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const auto id = base::Ulid::make();
    CHECK(catalog.execute(kIgnore, {"a", id, 1, 0}).rows == 1);
    CHECK(catalog.execute(kIgnore, {"a", id, 2, 0}).rows == 0);
    CHECK(catalog.execute(kUpsert, {"a", id, 5}).rows == 1);  // changed
    CHECK(catalog.execute(kUpsert, {"a", id, 5}).rows == 1);  // as it was
    CHECK(catalog.execute(kUpsert, {"b", id, 3}).rows == 1);  // new
    CHECK(catalog.number(kSum) == 8);
}

TEST_CASE("texts compare the same on both engines", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    for (const char* name : {"Ab", "ab", "a_b", "a\\b"}) add(catalog, name);
    const auto count = [&](std::string_view where, std::initializer_list<Param> params = {}) {
        const std::string text = "SELECT COUNT(*) FROM leases WHERE " + std::string(where);
        return catalog.number({"count", text}, params);
    };
    CHECK(count("name = ?", {"ab"}) == 1);
    CHECK(count("name LIKE ?", {"a%"}) == 3);
    CHECK(count("name LIKE ? ESCAPE '\\'", {"a\\_b"}) == 1);
    CHECK(count("name = ? || ?", {"a", "\\b"}) == 1);
    CHECK(count("name = 'a\\b'") == 1);
    CHECK(count("\"name\" > ?", {"Z"}) == 3);
    CHECK(count("name < ?", {"a"}) == 1);
}

constexpr Sql kClock{"clock", "SELECT {now}, {now}"};

TEST_CASE("the database's clock is in milliseconds", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    auto connection = catalog.pool().acquire();
    const auto before = base::now_ms();
    const auto now = connection->now_ms();
    CHECK(now >= before - 2);
    CHECK(now <= base::now_ms() + 2);
    auto& row = connection->query(kClock);
    REQUIRE(row.next());
    CHECK(row.int64(0) == row.int64(1));
}

TEST_CASE("a connection runs other statements between two rows", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    for (const char* name : {"a", "b", "c"}) add(catalog, name);
    auto connection = catalog.pool().acquire();
    std::string names;
    auto& rows = connection->query(kNames);
    while (rows.next()) {
        names += rows.text(0);
        auto& one = connection->query(kGet, {rows.text(0)});
        REQUIRE(one.next());
        CHECK(one.text(2) == rows.text(0));
    }
    CHECK(names == "abc");
    auto& again = connection->query(kNames);
    REQUIRE(again.next());
    CHECK(again.text(0) == "a");
}

TEST_CASE("a connection caches a limited number of statements", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    add(catalog, "a");
    auto connection = catalog.pool().acquire();
    auto& reading = connection->query(kNames);
    REQUIRE(reading.next());
    for (int i = 0; i < 600; ++i) {
        const std::string text = "SELECT COUNT(*) + " + std::to_string(i) + " FROM leases";
        auto& row = connection->query({"count", text});
        REQUIRE(row.next());
        CHECK(row.int64(0) == i + 1);
        row.reset();
    }
    CHECK(reading.text(0) == "a");
    CHECK_FALSE(reading.next());
}

constexpr Sql kBad{"leases.bad", "SELECT nothing FROM leases WHERE name = ?"};
constexpr Sql kNull{"leases.null", "INSERT INTO leases (name, owner, fence, expires_at) VALUES (?, ?, ?, NULL)"};

TEST_CASE("errors name the statement and none of its values", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const auto message = [&](const Sql& sql, std::initializer_list<Param> params) -> std::string {
        try {
            catalog.execute(sql, params);
            return "no error";
        } catch (const base::Error& error) {
            CHECK(error.code() == base::Code::internal);
            return error.what();
        }
    };
    CHECK(message(kBad, {"geheim"}).starts_with("leases.bad: "));
    const auto text = message(kNull, {"geheim", base::Ulid::make(), 1});
    CHECK(text.starts_with("leases.null: "));
    CHECK(text.find("geheim") == std::string::npos);
    CHECK(message(kNull, {"geheim"}).starts_with("leases.null: "));  // too few
    CHECK(catalog.number(kCount) == 0);
}

constexpr Sql kBytes{"bytes", "SELECT LENGTH(?), LENGTH(?)"};

TEST_CASE("bytes may be any bytes, and empty", "[db]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    const base::Bytes some = {0, 255, 0};
    auto connection = catalog.pool().acquire();
    auto& row = connection->query(kBytes, {some, Blob{}});
    REQUIRE(row.next());
    CHECK(row.int64(0) == 3);
    CHECK(row.optional_int64(1) == 0);
}

}  // namespace
}  // namespace bodega
