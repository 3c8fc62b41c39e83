#include "db/dialect.h"

#include <catch2/catch_test_macros.hpp>

#include "base/error.h"

namespace bodega::db {
namespace {

std::string sqlite(std::string_view text) { return expand({"t", text}, Dialect::sqlite).text; }

std::string mysql(std::string_view text) { return expand({"t", text}, Dialect::mysql).text; }

TEST_CASE("SQL without tokens is unchanged", "[db]") {
    CHECK(sqlite("SELECT a FROM b WHERE c = ?") == "SELECT a FROM b WHERE c = ?");
    CHECK(mysql("") == "");
}

TEST_CASE("tokens become each engine's SQL", "[db]") {
    CHECK(sqlite("SELECT a FROM b{for_update}") == "SELECT a FROM b");
    CHECK(mysql("SELECT a FROM b{for_update}") == "SELECT a FROM b FOR UPDATE");
    CHECK(sqlite("{insert_ignore} INTO t") == "INSERT OR IGNORE INTO t");
    CHECK(mysql("{insert_ignore} INTO t") == "INSERT IGNORE INTO t");
    CHECK(sqlite("{on_conflict a,b} c = {excluded c} + {greatest}(c, 1)") ==
          "ON CONFLICT (a,b) DO UPDATE SET c = excluded.c + MAX(c, 1)");
    CHECK(mysql("{on_conflict a,b} c = {excluded c} + {greatest}(c, 1)") ==
          "ON DUPLICATE KEY UPDATE c = VALUES(c) + GREATEST(c, 1)");
    CHECK(sqlite("{branch}SELECT 1 LIMIT 1)") == "SELECT * FROM (SELECT 1 LIMIT 1)");
    CHECK(mysql("{branch}SELECT 1 LIMIT 1)") == "(SELECT 1 LIMIT 1)");
    CHECK(expand({"t", "{on_conflict a} b = 1"}, Dialect::mysql).upsert);
    CHECK_FALSE(expand({"t", "{now}"}, Dialect::mysql).upsert);
}

TEST_CASE("an unknown token is an error that names the statement", "[db]") {
    for (const char* text : {"SELECT {nwo}", "SELECT {", "SELECT {}", "SELECT {now"}) {
        INFO(text);
        try {
            sqlite(text);
            CHECK(std::string_view(text) == "SELECT {now");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::Code::internal);
            CHECK(std::string_view(error.what()).starts_with("t: "));
        }
    }
}

}  // namespace
}  // namespace bodega::db
