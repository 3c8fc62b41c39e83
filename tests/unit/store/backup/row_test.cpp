#include "store/backup/row.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>

using namespace bodega;
using store::Row;

namespace {

const std::vector<db::Column> kColumns{
    {"number", db::ColumnType::integer}, {"text", db::ColumnType::text}, {"bytes", db::ColumnType::bytes}};

Row row(std::int64_t number, std::string text, std::string bytes) {
    return {number, std::move(text), std::move(bytes)};
}

}  // namespace

TEST_CASE("a row survives writing and reading", "[row]") {
    for (const Row& given :
         {row(0, "", ""), row(-1, "\xC3\xA9", std::string("\0\xFF", 2)),
          row(std::numeric_limits<std::int64_t>::min(), std::string(70'000, 'x'), "b"),
          row(std::numeric_limits<std::int64_t>::max(), "a", std::string(3, '\0')), Row{{}, {}, {}}}) {
        CHECK(store::row_of(store::bytes_of(given, kColumns), kColumns) == given);
    }
}

TEST_CASE("a row's bytes are the same on every machine", "[row]") {
    const std::string bytes = store::bytes_of({std::int64_t{258}, std::string("ab"), {}}, kColumns);
    CHECK(bytes == std::string("\1\0\0\0\0\0\0\1\2\2\0\0\0\2ab\0", 17));
    // NULL is not an empty text, and text is not bytes.
    CHECK(store::bytes_of({{}, std::string(), {}}, kColumns) != store::bytes_of({{}, {}, std::string()}, kColumns));
}

TEST_CASE("malformed bytes are refused as a row", "[row]") {
    const std::string bytes = store::bytes_of(row(7, "text", "bytes"), kColumns);
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(store::row_of(bytes.substr(0, size), kColumns));
    CHECK_FALSE(store::row_of(bytes + '\0', kColumns));
    std::string other = bytes;
    other[0] = 2;
    CHECK_FALSE(store::row_of(other, kColumns));
    std::string endless = bytes;
    endless[10] = '\xFF';
    CHECK_FALSE(store::row_of(endless, kColumns));
}
