// Copies of files and of whole folders, which share their blobs with what they were copied from.
#pragma once

#include <optional>
#include <string>

#include "app/auth/authorizer.h"

namespace bodega::app {

// Files and folders that one copy makes at most.
inline constexpr int kCopyMost = 100'000;

// Copies the granted entry into a folder, all or nothing: the current contents, not the former versions.
// name: none is the source's. Needs a viewer of the source and an editor of the folder.
// Throws Error{forbidden}, Error{name_invalid}, NameTaken, Error{quota_exceeded}, Error{too_large} beyond
// kCopyMost, Error{conflict} for a space's own folder, and deeper than files.max_depth.
store::Entry copy_entry(const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name);
// The same within a transaction of the caller's, for grants of which only the actor and the entry's id count. The copy
// gets the id `copy_id`. Requires: a name as clean_name made it.
store::Entry copy_entry(db::Connection& connection, const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name, const base::Ulid& copy_id);

}  // namespace bodega::app
