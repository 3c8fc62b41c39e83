#include "db/connection.h"

namespace bodega::db {

base::Ulid Statement::ulid(int column) const { return optional_ulid(column).value_or(base::Ulid{}); }

std::optional<base::Ulid> Statement::optional_ulid(int column) const {
    if (is_null(column)) return std::nullopt;
    return base::Ulid::from_bytes(text(column));
}

std::optional<std::int64_t> Statement::optional_int64(int column) const {
    if (is_null(column)) return std::nullopt;
    return int64(column);
}

Changes Connection::execute(const Sql& sql, std::initializer_list<Param> params) {
    Statement& statement = query(sql, params);
    const Changes changes = statement.changes();
    statement.reset();
    return changes;
}

Statement& Connection::query(const Sql& sql, std::initializer_list<Param> params) {
    Statement& statement = prepare(sql);
    statement.run({params.begin(), params.size()});
    return statement;
}

base::Milliseconds Connection::now_ms() {
    static constexpr Sql kNow{"clock.now", "SELECT {now}"};
    Statement& row = query(kNow);
    row.next();
    const base::Milliseconds now = row.int64(0);
    row.reset();
    return now;
}

}  // namespace bodega::db
