// The part of the catalog that a backup contains.
#pragma once

#include <string_view>
#include <vector>

#include "db/schema.h"

namespace bodega::app {

// The tables of the schema with version `schema`, except those about running processes and about signing in: nodes,
// leases, unfinished uploads, jobs and their results, browser sessions, set-up tokens, throttles, TLS ticket keys,
// ACME's challenges, and the binding to a shared folder. Without sessions in the backup, a restore can't bring back a
// session that was signed out after the backup.
std::vector<db::Table> backed_up_tables(int schema);

// The condition that selects a table's rows, see store::TableReader. The table blobs is limited to blobs that a file or
// a version references. All rows of the other tables are selected.
std::string_view backed_up_rows(const db::Table& table) noexcept;

}  // namespace bodega::app
