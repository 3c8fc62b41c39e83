// Copies files and whole folders. A copy shares its blobs with the source.
#pragma once

#include <optional>
#include <string>

#include "app/auth/authorizer.h"

namespace bodega::app {

// The most files and folders that one copy creates.
inline constexpr int kCopyMost = 100'000;

// Copies the granted entry into a folder, all or nothing: the current contents, without former versions. An empty name
// keeps the source's. Requires the viewer's role for the source and the editor's for the folder. Throws
// Error{forbidden}, Error{name_invalid}, NameTaken, Error{quota_exceeded}, Error{too_large} beyond kCopyMost,
// Error{conflict} for a space's root folder and for a copy deeper than files.max_depth.
store::Entry copy_entry(const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name);
// The same within the caller's transaction. Of the grants it reads only the actor and the entry's id. The copy gets the
// id `copy_id`. Requires: a name that clean_name returned.
store::Entry copy_entry(db::Connection& connection, const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name, const base::Ulid& copy_id);

}  // namespace bodega::app
