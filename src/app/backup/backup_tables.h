// The part of the catalog that a backup contains.
#pragma once

#include <string_view>
#include <vector>

#include "db/schema.h"

namespace bodega::app {

// All tables of that schema, except those of running processes and of signing in: nodes, leases, unfinished uploads,
// jobs and their results, browser sessions, set-up tokens, throttles, TLS ticket keys, ACME's challenges, and the
// binding to a shared folder. A restore signs no session in again that was signed out since the backup.
std::vector<db::Table> backed_up_tables(int schema);

// The condition for a table's rows, see store::TableReader: only blobs that a file or a version references; all rows of
// the other tables.
std::string_view backed_up_rows(const db::Table& table) noexcept;

}  // namespace bodega::app
