// What a backup has of the catalog.
#pragma once

#include <string_view>
#include <vector>

#include "db/schema.h"

namespace bodega::app {

// All tables of that schema but those of running processes and of signing in: nodes, leases, unfinished uploads,
// jobs and their results, browser sessions, set-up tokens, throttles, TLS ticket keys, ACME's challenges, and which
// shared folder the catalog was bound to. What was signed out since a backup is not signed in again by it.
std::vector<db::Table> backed_up_tables(int schema);

// Which rows of a table, as of store::TableReader: of the blobs those that a file or a version has.
std::string_view backed_up_rows(const db::Table& table) noexcept;

}  // namespace bodega::app
