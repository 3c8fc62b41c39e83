// Moving a catalog between engines: every row unchanged, interrupted and continued at any moment, only into an empty
// database, and only from one that is not in use.
#include "app/backup/catalog_move.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "base/error.h"
#include "store/backup/table_rows.h"
#include "store/fleet/nodes.h"
#include "support/catalog.h"
#include "support/odd_rows.h"

using namespace bodega;
using Catch::Matchers::ContainsSubstring;
using db::Dialect;

namespace {

constexpr int kEach = 2300;  // more than two batches, with a partial last one

Dialect other(Dialect engine) { return engine == Dialect::sqlite ? Dialect::mysql : Dialect::sqlite; }

struct Two {
    explicit Two(Dialect engine) : from(engine), to(other(engine)) {}

    void fill(int each) {
        test::OddRows((from.source().dialect == Dialect::mysql ? from : to).pool()).fill(from.pool(), each);
    }

    std::vector<app::TableSum> move(const app::CatalogMove::Progress& progress = [](const auto&) {}) {
        return app::CatalogMove(from.source(), "the test's", to.pool(), progress).run();
    }

    std::string refusal() {
        try {
            move();
        } catch (const base::Error& error) {
            return error.what();
        }
        return "";
    }

    test::TestCatalog from, to;
};

// Table by table, value by value, without the digests that the move itself trusts.
void check_same(test::TestCatalog& one, test::TestCatalog& two) {
    const auto a = one.pool().acquire(), b = two.pool().acquire();
    for (const db::Table& table : db::schema_tables()) {
        INFO(table.name);
        const auto left = store::TableReader(*a, table).page(nullptr, 100'000);
        CHECK(left.size() == (table.name == "transfers" ? 0 : kEach));
        CHECK((left == store::TableReader(*b, table).page(nullptr, 100'000)));
    }
}

bool is_unfinished(test::TestCatalog& catalog) {
    try {
        store::refuse_unfinished_transfer(*catalog.pool().acquire());
        return false;
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::config_invalid);
        return true;
    }
}

constexpr db::Sql kAdd{"test.add", "INSERT INTO attempts (subject, failures, window_ends_at) VALUES (?, 1, 1)"};

}  // namespace

TEST_CASE("moving: every row of every table is moved, and the report is correct", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    two.fill(kEach);
    app::CatalogMove::Work last;
    const auto sums = two.move([&](const app::CatalogMove::Work& work) { last = work; });
    CHECK(sums.size() == db::schema_tables().size() - 1);
    for (const app::TableSum& sum : sums) CHECK(sum.rows == kEach);
    CHECK(last.checking);
    CHECK(last.rows == last.all_rows);
    check_same(two.from, two.to);
    CHECK_FALSE(is_unfinished(two.to));
    CHECK_THAT(two.refusal(), ContainsSubstring("is not empty"));
}

TEST_CASE("moving: interrupted at any moment it continues, and each row exists once", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    two.fill(kEach);
    struct Ended {};
    int times = 0;
    for (bool done = false; !done; ++times) {
        // Each try gets four calls further than the previous one.
        int left = 4 * (times + 1);
        try {
            two.move([&](const app::CatalogMove::Work&) {
                if (--left == 0) throw Ended{};
            });
            done = true;
        } catch (const Ended&) {
            CHECK(is_unfinished(two.to));
        }
    }
    CHECK(times > 10);
    check_same(two.from, two.to);
    CHECK_FALSE(is_unfinished(two.to));
}

TEST_CASE("moving: a source that changed meanwhile is detected", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    two.fill(1200);
    struct Ended {};
    const auto end_late = [](const app::CatalogMove::Work& work) {
        if (work.checking) throw Ended{};
    };
    CHECK_THROWS_AS(two.move(end_late), Ended);
    two.from.execute(kAdd, {"later"});
    CHECK_THAT(two.refusal(), ContainsSubstring("attempts has 1200 rows instead of 1201"));
    CHECK(is_unfinished(two.to));
}

TEST_CASE("moving: a value that changed in the target is detected", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    two.fill(5);
    const auto change = [&](const app::CatalogMove::Work& work) {
        constexpr db::Sql kChange{"test.change", "UPDATE users SET role = 'admin' WHERE disabled = 0"};
        if (work.checking) two.to.execute(kChange);
    };
    CHECK_THROWS_WITH(two.move(change), ContainsSubstring("users has rows of another digest"));
}

TEST_CASE("moving: a target with rows or another unfinished move is refused", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    two.fill(3);
    SECTION("a row of any table") {
        two.to.execute(kAdd, {"foreign"});
        CHECK_THAT(two.refusal(), ContainsSubstring("attempts has rows"));
        CHECK(two.to.number({"test.count", "SELECT COUNT(*) FROM users"}) == 0);
        CHECK_FALSE(is_unfinished(two.to));
    }
    SECTION("another move") {
        app::Transfer(two.to.pool(), db::schema_tables(), "another").begin();
        CHECK_THAT(two.refusal(), ContainsSubstring("unfinished transfer from another"));
        CHECK(two.to.number({"test.count", "SELECT COUNT(*) FROM users"}) == 0);
    }
}

TEST_CASE("moving: refused while a node serves the source, which is locked for writers meanwhile", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    const base::Ulid node = base::Ulid::make();
    const auto heartbeat = [&] {
        two.from.pool().transact([&](db::Connection& c) {
            store::Nodes(c).heartbeat({node, "n1", "1", "", "ready", ""});
        });
    };
    heartbeat();
    CHECK_THAT(two.refusal(), ContainsSubstring("the node n1 serves the source"));
    CHECK_FALSE(is_unfinished(two.to));
    constexpr db::Sql kSilent{"test.silent", "UPDATE nodes SET seen_at = seen_at - 21000"};
    two.from.execute(kSilent);
    if (two.from.source().dialect == Dialect::sqlite) {
        db::Source hasty = two.from.source();
        hasty.query_timeout = std::chrono::milliseconds(50);
        const auto writer = db::connect(hasty);
        int refused = 0;
        two.move([&](const app::CatalogMove::Work&) {
            try {
                writer->execute(kAdd, {"meanwhile"});
            } catch (const base::Error&) {
                ++refused;
            }
        });
        CHECK(refused > 3);
        CHECK(two.to.number({"test.count", "SELECT COUNT(*) FROM attempts"}) == 0);
    } else {
        CHECK_THROWS_WITH(two.move([&](const app::CatalogMove::Work&) { heartbeat(); }),
                          ContainsSubstring("the node n1"));
        CHECK(is_unfinished(two.to));
    }
}

TEST_CASE("moving: a schema of another version or with unknown columns is refused", "[move]") {
    Two two(GENERATE(from_range(test::engines())));
    SECTION("older") {
        two.from.execute({"test.older", "UPDATE schema_migrations SET finished_at = NULL WHERE version > 1"});
        CHECK_THAT(two.refusal(), ContainsSubstring("bring it up first"));
    }
    SECTION("newer") {
        two.from.execute(
            {"test.newer", "INSERT INTO schema_migrations (version, done, finished_at) VALUES (9999, 1, 1)"});
        CHECK_THAT(two.refusal(), ContainsSubstring("newer bodega"));
    }
    SECTION("another column") {
        two.from.pool().acquire()->execute_text("test.column", "ALTER TABLE users ADD COLUMN shoe_size INTEGER");
        CHECK_THAT(two.refusal(), ContainsSubstring("users has other columns"));
    }
}
