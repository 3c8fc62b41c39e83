#include "db/server_trial.h"

#include "db/failure.h"
#include "db/migrate.h"
#include "db/migration_lock.h"
#include "db/schema.h"

namespace bodega::db {
namespace {

using base::Code;
using std::chrono::milliseconds;

constexpr int kTries = 3;  // tries of a write that conflicts with another transaction

// Each expression must return 1.
constexpr Sql kExpressions[] = {
    {"the clock", "SELECT {now} > 0"},
    {"|| that concatenates", "SELECT 'a' || 'b' = 'ab'"},
    {"a name in double quotes", "SELECT \"x\" FROM (SELECT 1 AS x) t"},
    {"a plain backslash", R"(SELECT '\' || 'n' = '\n')"},
    {"LIKE with ESCAPE", "SELECT 'a%' LIKE 'a!%' ESCAPE '!' AND NOT 'ab' LIKE 'a!%' ESCAPE '!'"},
    {"numbers", "SELECT CAST(COALESCE(SUM(n), 0) AS SIGNED) = {greatest}(0, 1) FROM (SELECT 1 AS n) t"},
    {"aggregates", "SELECT COUNT(*) = 1 AND MAX(n) = 1 AND MIN(n) = 1 FROM (SELECT 1 AS n) t"},
    {"EXISTS and UNION", "SELECT EXISTS (SELECT 0 UNION ALL SELECT 1)"},
    {"recursion",
     "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 9) SELECT COUNT(*) = 9 FROM up"},
};

constexpr Sql kAdd{"a write", "INSERT INTO schema_migrations (version, done) VALUES (-1, 0)"};
constexpr Sql kReplace{"an upsert",
                       "INSERT INTO schema_migrations (version, done) VALUES (-1, 1) "
                       "{on_conflict version} done = {excluded done}"};
constexpr Sql kLockRow{"a locked row", "SELECT done FROM schema_migrations WHERE version = -1{for_update}"};
constexpr Sql kRemove{"a deletion", "DELETE FROM schema_migrations WHERE version = -1"};

constexpr std::string_view kDrop = "DROP TABLE IF EXISTS bodega_trial";
constexpr std::string_view kMake[] = {
    "CREATE TABLE bodega_trial (id INTEGER NOT NULL PRIMARY KEY, n BIGINT)",
    "CREATE INDEX bodega_trial_n ON bodega_trial (n)",
    "ALTER TABLE bodega_trial ADD COLUMN m BIGINT",
};
constexpr std::string_view kFill[] = {
    "INSERT INTO bodega_trial (id, n) VALUES (1, 1)",
    "UPDATE bodega_trial SET n = 2 WHERE id = 1",
    "DELETE FROM bodega_trial WHERE id = 1",
};

void try_expressions(Connection& connection) {
    for (const Sql& sql : kExpressions) {
        Statement& row = connection.query(sql);
        const bool right = row.next() && row.int64(0) == 1;
        row.reset();
        if (!right) {
            throw Failure(Failure::Kind::other, Code::internal,
                          std::string(sql.name) + ": the server's result differs from other servers'");
        }
    }
    if (!connection.end_session("0", milliseconds(0))) {
        throw Failure(Failure::Kind::other, Code::internal,
                      "SHOW PROCESSLIST does not list this session, so a lost COMMIT could not be looked up");
    }
}

void try_lock(Connection& connection) { const MigrationLock lock(connection, milliseconds(0)); }

// Tries INSERT, UPDATE and DELETE with a condition that no row meets. This is enough: the server checks rights and
// binary log settings before it reads a row.
void touch_table(Connection& connection, const std::string& table, const std::string& column) {
    const std::string name = '"' + table + '"', never = " WHERE 1 = 0";
    connection.execute_text(table, "INSERT INTO " + name + " SELECT * FROM " + name + never);
    connection.execute_text(table, "UPDATE " + name + " SET \"" + column + "\" = \"" + column + '"' + never);
    connection.execute_text(table, "DELETE FROM " + name + never);
}

void write_in_catalog(Connection& connection) {
    connection.begin();
    connection.execute(kAdd);
    connection.execute(kReplace);
    Statement& row = connection.query(kLockRow);
    row.next();
    row.reset();
    connection.execute(kRemove);
    // SQLite has no rights per table, so only MySQL needs the following check.
    if (connection.dialect() == Dialect::sqlite) return;
    for (const auto& [table, columns] : tables_in(connection)) touch_table(connection, table, *columns.begin());
}

void write_to_new_table(Connection& connection) {
    for (const std::string_view text : kMake) connection.execute_text("a new table", text);
    // On SQLite, the caller's MigrationLock is already a transaction, which ends with a rollback.
    if (connection.dialect() == Dialect::mysql) connection.begin();
    for (const std::string_view text : kFill) connection.execute_text("a write", text);
    if (connection.dialect() == Dialect::mysql) connection.rollback();
}

void write_in_empty_database(Connection& connection) {
    const MigrationLock lock(connection, milliseconds(0));
    if (schema_version(connection) != 0) return;  // another process has just created the catalog
    connection.execute_text("a new table", kDrop);
    try {
        write_to_new_table(connection);
    } catch (const Failure&) {
        if (connection.dialect() == Dialect::mysql) connection.rollback();
        if (!connection.broken()) connection.execute_text("a new table", kDrop);
        throw;
    }
    connection.execute_text("a new table", kDrop);
}

void try_writing(Connection& connection) {
    if (schema_version(connection) == 0) return write_in_empty_database(connection);
    for (int tries = 1;; ++tries) {
        try {
            write_in_catalog(connection);
            return connection.rollback();
        } catch (const Failure& failure) {
            connection.rollback();
            if (failure.kind() != Failure::Kind::again) throw;
            if (tries == kTries) return;  // the write conflicts with writes of other processes, so writing works
        }
    }
}

// Returns the error of `attempt`, or "" if it succeeded or the server was only busy.
std::string error_of(void (*attempt)(Connection&), Connection& connection) {
    try {
        attempt(connection);
        return {};
    } catch (const Failure& failure) {
        const bool busy = failure.kind() == Failure::Kind::other && failure.code() == Code::unavailable;
        return busy && !connection.broken() ? std::string() : failure.what();
    }
}

}  // namespace

std::vector<Trial> try_server(Connection& connection) {
    return {{Trial::Of::functions, error_of(try_expressions, connection)},
            {Trial::Of::lock, error_of(try_lock, connection)},
            {Trial::Of::writing, error_of(try_writing, connection)}};
}

}  // namespace bodega::db
