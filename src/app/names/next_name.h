// The name that follows where one is taken: "report (2).pdf", then "report (3).pdf". The web app has the same rule, and
// both are held against tests/tables/names.json.
#pragma once

#include <string>
#include <string_view>

#include "store/tree/entries.h"

namespace bodega::app {

// With the next number before its extension, cut to what a name may be. A folder has no extension; a file may have a
// double one (".tar.gz"), and a leading dot starts none. Requires: UTF-8.
std::string next_name(std::string_view name, bool is_folder);

// The first of those that follow which is free in that folder. Throws Error{name_taken} if too many are taken.
std::string free_name(store::Entries& entries, const base::Ulid& folder_id, const std::string& name, bool is_folder);

}  // namespace bodega::app
