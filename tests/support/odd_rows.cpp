#include "support/odd_rows.h"

#include <limits>

#include "store/backup/table_rows.h"
#include "store/backup/transfers.h"

namespace bodega::test {
namespace {

constexpr db::Sql kLimits{"test.limits",
                          "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COALESCE(CHARACTER_MAXIMUM_LENGTH, 0), "
                          "IS_NULLABLE = 'YES', COLUMN_KEY <> '' FROM information_schema.COLUMNS "
                          "WHERE TABLE_SCHEMA = DATABASE()"};

constexpr std::size_t kLong = 3000;  // for texts whose limit no test reaches

std::string number_text(int number) { return std::to_string(1'000'000 + number); }

std::int64_t extreme(int which, int otherwise) {
    if (which == 1) return std::numeric_limits<std::int64_t>::max();
    if (which == 2) return std::numeric_limits<std::int64_t>::min();
    return otherwise;
}

// Ends with the number, so that all values of a column differ.
std::string letters(std::size_t length, int number) {
    static const std::string kLetters[] = {"a", "\xC3\xA9", "\xE6\x97\xA5", "\xF0\x9F\x98\x80", "%", "\\", "'", "\t"};
    std::string out;
    const std::string tail = number_text(number);
    for (int i = number; out.size() + 4 + tail.size() <= length && number % 5 != 0; ++i) out += kLetters[i % 8];
    return (out + tail).substr(0, length);
}

std::string bytes(std::size_t length, int number, bool fixed) {
    std::string out;
    for (std::size_t i = 0; i < length; ++i)
        out.push_back(static_cast<char>(i * 37 + static_cast<std::size_t>(number)));
    const std::string tail = number_text(number);
    for (std::size_t i = 0; i < tail.size() && i < length; ++i) out[length - 1 - i] = tail[tail.size() - 1 - i];
    return fixed ? out : out.substr(static_cast<std::size_t>(number) % 5);
}

}  // namespace

OddRows::OddRows(db::Pool& mysql) {
    const auto connection = mysql.acquire();
    auto& row = connection->query(kLimits);
    while (row.next()) {
        limits_[std::string(row.text(0)) + "." + std::string(row.text(1))] = {
            std::string(row.text(2)), static_cast<std::size_t>(row.int64(3)), row.int64(4) != 0, row.int64(5) != 0};
    }
}

store::Value OddRows::value(const db::Column& column, const Limit& limit, int number) const {
    if (limit.may_be_null && number % 3 == 0) return {};
    if (column.type == db::ColumnType::integer) {
        if (limit.type != "bigint") return std::int64_t{number % 2};
        if (column.name == "seen_at") return std::int64_t{number};  // none of these nodes runs
        return limit.unique ? extreme(number, number) : extreme(number % 7, number);
    }
    const std::size_t length = std::min(limit.length, kLong);
    if (column.type == db::ColumnType::bytes) return bytes(length, number, limit.type == "binary");
    if (number % 11 == 4 && !limit.unique) return std::string();
    return letters(length, number);
}

store::Row OddRows::row(const db::Table& table, int number) const {
    store::Row row;
    for (const db::Column& column : table.columns) {
        row.push_back(value(column, limits_.at(table.name + "." + column.name), number));
    }
    return row;
}

void OddRows::fill(db::Pool& catalog, int each) const {
    for (const db::Table& table : db::schema_tables()) {
        if (table.name == store::kTransfersTable) continue;
        std::vector<store::Row> rows;
        for (int number = 0; number < each; ++number) rows.push_back(row(table, number));
        catalog.transact([&](db::Connection& connection) { store::TableWriter(connection, table).insert(rows); });
    }
}

}  // namespace bodega::test
