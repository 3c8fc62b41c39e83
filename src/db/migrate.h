// Brings a catalog's schema up to this binary's version.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "db/migrations.h"
#include "db/source.h"

namespace bodega::db {

// Applies the missing migrations in order under a lock that other processes wait for (MySQL: GET_LOCK on
// this connection; SQLite: a write transaction). One statement a step, each recorded, so that a crash in
// the middle is picked up by the next start. Migrations only expand; a schema newer than the binary is
// left alone (version N beside N+1). Returns the versions applied. Throws Error{unavailable} if the lock
// isn't free within a minute, Error{config_invalid} for a database with
// tables of another program (db/foreign_tables.h), and changes nothing then.
std::vector<int> migrate(Connection& connection);

// The same on a connection of its own, whose statements may take an hour: indexing a large table does.
std::vector<int> migrate(const Source& source);

// The same, but only the migrations up to `version`: for what was saved from an older schema.
std::vector<int> migrate_to(const Source& source, int version);

// The same with other steps than the embedded ones, sorted by version.
std::vector<int> migrate(Connection& connection, std::span<const MigrationFile> files);

// The steps of one embedded migration before all others, then `then`, under the same lock: other processes see both or
// neither. migrate() completes it.
void migrate_first(Connection& connection, std::string_view name, const std::function<void()>& then);

// The highest version applied wholly, 0 for an empty catalog.
int schema_version(Connection& connection);

// Whether the database has the table in which applied migrations are recorded; another program's of that name does not
// count.
bool has_migrations_table(Connection& connection);

// A migration's statements, in order: what ends in ";\n", without lines that are comments.
std::vector<std::string> migration_steps(std::string_view sql);

}  // namespace bodega::db
