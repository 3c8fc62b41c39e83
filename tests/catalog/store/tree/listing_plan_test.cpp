// How the engines read a folder: only by the index of the sort, whatever the folder contains.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "store/tree/listing.h"
#include "support/catalog.h"
#include "support/mariadb_folder.h"
#include "support/tree.h"

using namespace bodega;

namespace {

constexpr int kEntries = 3000;

void fill(test::Tree& tree) {
    const bool sqlite = tree.catalog.source().dialect == db::Dialect::sqlite;
    const std::string text =
        "INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, size, mime, created_at, modified_at) "
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
        "SELECT CAST(? || SUBSTR('00000' || i, -6) AS " +
        std::string(sqlite ? "BLOB" : "BINARY") +
        "), ?, ?, i % 2, ? || i, ? || i, i % 7, 'text/plain', 1, i % 5 FROM n";
    for (int part = 0; part < kEntries / 1000; ++part) {
        const std::string prefix = "entry-no-" + std::to_string(part);
        tree.catalog.execute({"test.fill", text}, {prefix, tree.space, tree.root, prefix, prefix});
    }
    if (!sqlite) tree.catalog.execute({"test.analyze", "ANALYZE TABLE entries"});
    else tree.catalog.execute({"test.analyze", "ANALYZE"});
}

// Realistic values, so that the optimizer chooses as for real ones.
std::vector<db::Param> params(std::string_view text, const base::Ulid& folder, const base::Ulid& id) {
    std::vector<db::Param> out{folder, 1};
    std::size_t at = text.find("e.kind = ?") + 10;
    for (at = text.find('?', at); at != text.npos; at = text.find('?', at + 1)) {
        const std::string_view before = text.substr(0, at);
        const std::string_view column = before.substr(before.rfind("e."));
        if (text.find('?', at + 1) == text.npos) out.emplace_back(101);
        else if (column.starts_with("e.name_key") || column.starts_with("e.mime")) out.emplace_back("f");
        else if (column.starts_with("e.id")) out.emplace_back(id);
        else out.emplace_back(3);
    }
    return out;
}

// The plan of the table that is paged, as one line.
std::string plan_of(test::Tree& tree, const db::Sql& sql) {
    const bool sqlite = tree.catalog.source().dialect == db::Dialect::sqlite;
    const std::string text = (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN FORMAT=TRADITIONAL ") + std::string(sql.text);
    auto connection = tree.catalog.pool().acquire();
    auto& row = connection->prepare({"test.explain", text});
    row.run(params(sql.text, tree.root, base::Ulid::make()));
    // The columns type, key and Extra: MySQL has "partitions" before them and "filtered" between them.
    const int type = test::is_mysql() ? 4 : 3, extra = test::is_mysql() ? 11 : 9;
    std::string plan;
    while (row.next()) {
        if (sqlite) plan.append(row.text(3)).append("; ");
        else if (row.text(2) == "e")
            plan.append(row.text(type)).append(" ").append(row.text(type + 2)).append(" ").append(row.text(extra));
    }
    return plan;
}

std::string_view index_of(const db::Sql& sql) {
    if (sql.name.starts_with("listing.name")) return "entries_by_name";
    if (sql.name.starts_with("listing.size")) return "entries_by_size";
    return sql.name.starts_with("listing.time") ? "entries_by_time" : "entries_by_mime";
}

}  // namespace

TEST_CASE("every page is read from its sort's index, without sorting", "[listing]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    fill(tree);
    const auto all = store::listing_statements();
    CHECK(all.size() == 26);
    for (const auto& sql : all) {
        const std::string plan = plan_of(tree, sql);
        INFO(sql.name << ": " << plan);
        CHECK(plan.find(index_of(sql)) != std::string::npos);
        CHECK(plan.find("filesort") == std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
        CHECK(plan.find("ALL") == std::string::npos);
        CHECK(plan.find("SCAN") == std::string::npos);
        // After a cursor the range begins there, not at the folder's start.
        if (catalog.source().dialect == db::Dialect::mysql && sql.name.find("behind") != sql.name.npos) {
            CHECK(plan.starts_with("range"));
        }
    }
}
