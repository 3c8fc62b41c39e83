// The next name if a name is taken: "report (2).pdf", then "report (3).pdf". The web app has the same rule.
// tests/tables/names.json tests both.
#pragma once

#include <string>
#include <string_view>

#include "store/tree/entries.h"

namespace bodega::app {

// Returns the name with the next number before its extension, shortened to the limit of a name. A folder has no
// extension. A file may have a double extension (".tar.gz"). A leading dot does not begin an extension. Requires:
// UTF-8.
std::string next_name(std::string_view name, bool is_folder);

// Calls next_name() again and again, beginning with `name`, and returns the first result that is not taken in the
// folder. Throws Error{name_taken} if too many are taken.
std::string free_name(store::Entries& entries, const base::Ulid& folder_id, const std::string& name, bool is_folder);

}  // namespace bodega::app
