#include "store/backup/table_rows.h"

#include "base/error.h"
#include "db/failure.h"

namespace bodega::store {
namespace {

// Rows per statement. A round trip to a distant database takes longer than the rows themselves.
constexpr std::size_t kMany = 64;

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

std::string list(std::span<const db::Column> columns, const std::string& between = ", ") {
    std::string out;
    for (const db::Column& column : columns) {
        if (!out.empty()) out += between;
        out += quoted(column.name);
    }
    return out;
}

// Returns the condition for rows after a key: "(a > ? OR (a = ? AND b > ?))". Both engines use the key's index for it;
// they would not for "(a, b) > (?, ?)".
std::string behind(std::span<const db::Column> key) {
    std::string out;
    for (std::size_t i = 0; i < key.size(); ++i) {
        std::string part;
        for (std::size_t j = 0; j < i; ++j) part += quoted(key[j].name) + " = ? AND ";
        part += quoted(key[i].name) + " > ?";
        out += (i == 0 ? "(" : " OR (") + part + ")";
    }
    return "(" + out + ")";
}

std::vector<db::Param> behind_params(const Row& after, std::span<const db::Column> key) {
    std::vector<db::Param> params;
    for (std::size_t i = 0; i < key.size(); ++i) {
        for (std::size_t j = 0; j <= i; ++j) params.push_back(param_of(after.at(j), key[j].type));
    }
    return params;
}

std::string values(std::size_t columns, std::size_t rows) {
    std::string row = "(?";
    for (std::size_t i = 1; i < columns; ++i) row += ", ?";
    row += ")";
    std::string out = row;
    for (std::size_t i = 1; i < rows; ++i) out += ", " + row;
    return out;
}

}  // namespace

TableReader::TableReader(db::Connection& connection, const db::Table& table, std::string_view only)
    : connection_(connection), table_(table), key_(key_columns(table)), name_("read " + table.name) {
    const std::string condition = only.empty() ? "" : "(" + std::string(only) + ")";
    const std::string where = condition.empty() ? "" : " WHERE " + condition;
    const std::string from = " FROM " + quoted(table.name);
    const std::string columns = "SELECT " + list(table.columns);
    const std::string order = " ORDER BY " + list(key_) + " LIMIT ?";
    first_ = columns + from + where + order;
    after_ = columns + from + (where.empty() ? " WHERE " : where + " AND ") + behind(key_) + order;
    count_ = "SELECT COUNT(*)" + from + where;
    any_ = "SELECT 1" + from + where + " LIMIT 1";
}

std::vector<Row> TableReader::page(const Row* after, int limit) {
    std::vector<db::Param> params;
    if (after) params = behind_params(*after, key_);
    params.emplace_back(limit);
    db::Statement& statement = connection_.prepare(sql(after ? after_ : first_));
    statement.run(params);
    std::vector<Row> rows;
    while (statement.next()) rows.push_back(read_row(statement, table_.columns));
    return rows;
}

std::int64_t TableReader::count() {
    db::Statement& row = connection_.query(sql(count_));
    const std::int64_t count = row.next() ? row.int64(0) : 0;
    row.reset();
    return count;
}

bool TableReader::is_empty() {
    db::Statement& row = connection_.query(sql(any_));
    const bool found = row.next();
    row.reset();
    return !found;
}

TableWriter::TableWriter(db::Connection& connection, const db::Table& table)
    : connection_(connection), table_(table), name_("write " + table.name) {
    const std::string into = "INSERT INTO " + quoted(table.name) + " (" + list(table.columns) + ") VALUES ";
    one_ = into + values(table.columns.size(), 1);
    many_ = into + values(table.columns.size(), kMany);
}

void TableWriter::insert(const std::vector<Row>& rows) {
    std::span<const Row> rest(rows);
    for (; rest.size() >= kMany; rest = rest.subspan(kMany)) insert(many_, rest.first(kMany));
    for (; !rest.empty(); rest = rest.subspan(1)) insert(one_, rest.first(1));
}

void TableWriter::insert(const std::string& text, std::span<const Row> rows) {
    std::vector<db::Param> params;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) params.push_back(param_of(row[i], table_.columns.at(i).type));
    }
    db::Statement& statement = connection_.prepare({name_, text});
    statement.run(params);
    if (statement.changes().outcome == db::Outcome::done) return;
    throw base::Error(base::Code::conflict, "a row of " + table_.name + " exists already in the target catalog");
}

}  // namespace bodega::store
