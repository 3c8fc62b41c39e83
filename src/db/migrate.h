// Brings a catalog's schema up to this binary's version.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "db/migrations.h"
#include "db/source.h"

namespace bodega::db {

// Applies the missing migrations in order, under a lock that other processes wait for (MySQL: GET_LOCK on this
// connection; SQLite: a write transaction). Each step is one statement and is recorded, so that after a crash the next
// start continues. Migrations only expand the schema. A schema newer than the binary is left unchanged (version N runs
// beside N+1). Returns the applied versions. Throws Error{unavailable} if the lock isn't free within a minute, and
// Error{config_invalid} for a database with another program's tables (db/foreign_tables.h); in both cases nothing is
// changed.
std::vector<int> migrate(Connection& connection);

// Like migrate(connection), on a separate connection. A statement there may take an hour, for example to index a large
// table.
std::vector<int> migrate(const Source& source);

// Like migrate(source), but applies only the migrations up to `version`. For data that was saved from an older schema.
std::vector<int> migrate_to(const Source& source, int version);

// Like migrate(connection), with the given migrations instead of the embedded ones. Requires: `files` are sorted by
// version.
std::vector<int> migrate(Connection& connection, std::span<const MigrationFile> files);

// Runs the steps of one embedded migration before all others, then calls `then`. Both happen under one lock, so other
// processes see both or neither. The migration is not recorded as complete; a later migrate() records that.
void migrate_first(Connection& connection, std::string_view name, const std::function<void()>& then);

// The highest completely applied version, 0 for an empty catalog.
int schema_version(Connection& connection);

// Whether the database has the table that records applied migrations. Another program's table of that name does not
// count.
bool has_migrations_table(Connection& connection);

// Splits a migration into its statements, in order: each ends in ";\n". Comment lines are removed.
std::vector<std::string> migration_steps(std::string_view sql);

}  // namespace bodega::db
