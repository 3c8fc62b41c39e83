#include "db/migrate.h"

#include <limits>
#include <string>

#include "base/log.h"
#include "db/failure.h"
#include "db/foreign_tables.h"
#include "db/migration_lock.h"

namespace bodega::db {
namespace {

constexpr std::chrono::minutes kLockWait{1};
constexpr std::chrono::hours kStatementLimit{1};

constexpr Sql kFindTable{"migrate.find_table",
                         "SELECT COUNT(*) FROM pragma_table_info('schema_migrations') WHERE name = 'finished_at'"};
constexpr Sql kFindTableMysql{"migrate.find_table",
                              "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() "
                              "AND TABLE_NAME = 'schema_migrations' AND COLUMN_NAME = 'finished_at'"};
// done: number of completed steps; finished_at: time of the last step.
constexpr std::string_view kMakeTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "version INTEGER NOT NULL PRIMARY KEY, done INTEGER NOT NULL, finished_at BIGINT)";
constexpr Sql kVersion{"migrate.version",
                       "SELECT COALESCE(MAX(version), 0) FROM schema_migrations WHERE finished_at IS NOT NULL"};
constexpr Sql kFind{"migrate.find", "SELECT done, finished_at FROM schema_migrations WHERE version = ?"};
constexpr Sql kStart{"migrate.start", "INSERT INTO schema_migrations (version, done) VALUES (?, 0)"};
constexpr Sql kStep{"migrate.step", "UPDATE schema_migrations SET done = ? WHERE version = ?"};
constexpr Sql kFinish{"migrate.finish", "UPDATE schema_migrations SET finished_at = {now} WHERE version = ?"};

struct Progress {
    std::size_t done = 0;
    bool started = false, finished = false;
};

Progress progress_of(Connection& connection, int version) {
    Statement& row = connection.query(kFind, {version});
    Progress progress;
    if (row.next()) progress = {static_cast<std::size_t>(row.int64(0)), true, !row.is_null(1)};
    row.reset();
    return progress;
}

// Runs one step. `may_be_done`: an earlier process may have run this step and crashed before it recorded that. Then
// it is no error if the object to create exists already, or the one to drop is missing.
void run_step(Connection& connection, std::string_view name, const std::string& text, bool may_be_done) {
    try {
        connection.execute_text(name, text);
    } catch (const Failure& failure) {
        if (!may_be_done || failure.kind() != Failure::Kind::exists) throw;
    }
}

// Runs the steps that are not done yet. Does not record that the migration is complete. Returns false if that was
// recorded before.
bool run_steps(Connection& connection, const MigrationFile& file) {
    const Progress before = progress_of(connection, file.version);
    if (before.finished) return false;
    if (!before.started) connection.execute(kStart, {file.version});
    const std::vector<std::string> steps = migration_steps(file.sql);
    for (std::size_t i = before.done; i < steps.size(); ++i) {
        const std::string name = std::string(file.name) + " step " + std::to_string(i + 1);
        run_step(connection, name, steps[i], before.started && i == before.done);
        connection.execute(kStep, {i + 1, file.version});
    }
    return true;
}

// Runs the steps that are not done yet, and records that the migration is complete. Returns false if that was recorded
// before.
bool apply(Connection& connection, const MigrationFile& file) {
    if (!run_steps(connection, file)) return false;
    connection.execute(kFinish, {file.version});
    base::log::info("db", "brought the catalog's schema up to date", {{"migration", file.name}});
    return true;
}

bool is_current(Connection& connection, std::span<const MigrationFile> files) {
    if (!has_migrations_table(connection)) return false;
    for (const MigrationFile& file : files) {
        if (!progress_of(connection, file.version).finished) return false;
    }
    return true;
}

std::string without_comments(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        const std::string_view line = text.substr(0, end);
        const auto first = line.find_first_not_of(" \t\r\n");
        if (first != line.npos && !line.substr(first).starts_with("--")) out += line;
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace

std::vector<std::string> migration_steps(std::string_view sql) {
    std::vector<std::string> steps;
    while (!sql.empty()) {
        const auto end = std::min(sql.find(";\n"), sql.size());
        std::string step = without_comments(sql.substr(0, end));
        if (!step.empty()) steps.push_back(std::move(step));
        sql.remove_prefix(std::min(end + 2, sql.size()));
    }
    return steps;
}

bool has_migrations_table(Connection& connection) {
    Statement& row = connection.query(connection.dialect() == Dialect::sqlite ? kFindTable : kFindTableMysql);
    const bool found = row.next() && row.int64(0) > 0;
    row.reset();
    return found;
}

std::vector<int> migrate(Connection& connection) {
    require_no_foreign_tables(connection);
    return migrate(connection, embedded_migrations(connection.dialect() == Dialect::sqlite ? "sqlite" : "mysql"));
}

std::vector<int> migrate(const Source& source) { return migrate_to(source, std::numeric_limits<int>::max()); }

std::vector<int> migrate_to(const Source& source, int version) {
    Source long_running = source;
    long_running.query_timeout = kStatementLimit;
    auto files = embedded_migrations(source.dialect == Dialect::sqlite ? "sqlite" : "mysql");
    while (!files.empty() && files.back().version > version) files = files.first(files.size() - 1);
    const auto connection = connect(long_running);
    require_no_foreign_tables(*connection);
    return migrate(*connection, files);
}

std::vector<int> migrate(Connection& connection, std::span<const MigrationFile> files) {
    if (is_current(connection, files)) return {};
    MigrationLock lock(connection, kLockWait);
    connection.execute_text("migrate.make_table", kMakeTable);
    std::vector<int> applied;
    for (const MigrationFile& file : files) {
        if (apply(connection, file)) applied.push_back(file.version);
    }
    lock.keep();
    return applied;
}

void migrate_first(Connection& connection, std::string_view name, const std::function<void()>& then) {
    MigrationLock lock(connection, kLockWait);
    connection.execute_text("migrate.make_table", kMakeTable);
    for (const MigrationFile& file :
         embedded_migrations(connection.dialect() == Dialect::sqlite ? "sqlite" : "mysql")) {
        if (file.name == name) run_steps(connection, file);
    }
    then();
    lock.keep();
}

int schema_version(Connection& connection) {
    if (!has_migrations_table(connection)) return 0;
    Statement& row = connection.query(kVersion);
    const int version = row.next() ? static_cast<int>(row.int64(0)) : 0;
    row.reset();
    return version;
}

}  // namespace bodega::db
