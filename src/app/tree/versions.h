// A file's contents over time.
#pragma once

#include <cstdint>
#include <vector>

#include "app/auth/authorizer.h"

namespace bodega::app {

// Newest first, the current one included. Throws Error{conflict} for a folder.
std::vector<store::Version> list_versions(const Services& services, const Grant& grant);

// One of them. Throws Error{not_found} for a number that there is not (any more).
store::Version find_version(const Services& services, const Grant& grant, std::int64_t number);

// Makes a former content the current one, under a new number, in place of its own: the one that was current becomes a
// former one, and the space is charged for no more than before. Of the current one nothing comes.
// Needs an editor. Throws Error{not_found}, Error{conflict} for a folder.
store::Entry restore_version(const Services& services, const Grant& grant, std::int64_t number);

// Deletes a former content for good, which gives its bytes back to the space.
// Needs an editor. Throws Error{not_found}, Error{conflict} for the current one and for a folder.
void delete_version(const Services& services, const Grant& grant, std::int64_t number);

}  // namespace bodega::app
