// Copies files and whole folders. A copy shares its blobs with the source.
#pragma once

#include <optional>
#include <string>

#include "app/auth/authorizer.h"

namespace bodega::app {

// The most files and folders that one copy creates.
inline constexpr int kCopyMost = 100'000;

// Copies the granted entry into a folder, completely or not at all. Copies only the current contents, no former
// versions. If `name` is empty, the copy gets the source's name. Requires the viewer's role for the source and the
// editor's role for the folder. Throws Error{forbidden}, Error{name_invalid}, NameTaken, Error{quota_exceeded},
// Error{too_large} for more than kCopyMost entries, Error{conflict} for a space's root folder and for a copy deeper
// than files.max_depth.
store::Entry copy_entry(const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name);
// Copies within the caller's transaction. Reads only the actor and the entry's id from each grant. The copy gets the id
// `copy_id`. Throws as the other copy_entry does. Requires: `name` was returned by clean_name.
store::Entry copy_entry(db::Connection& connection, const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name, const base::Ulid& copy_id);

}  // namespace bodega::app
