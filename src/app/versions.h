// A file's contents over time.
#pragma once

#include <cstdint>
#include <vector>

#include "app/access.h"

namespace bodega::app {

// Newest first, the current one included. Throws Error{conflict} for a folder.
std::vector<store::Version> list_versions(const Services& services, const Grant& grant);

// One of them. Throws Error{not_found} for a number that there is not (any more).
store::Version find_version(const Services& services, const Grant& grant, std::int64_t number);

// Makes a former content the current one again, as a new version; of the current one nothing comes.
// Needs an editor. Throws Error{not_found}, Error{conflict} for a folder, Error{quota_exceeded}.
store::Entry restore_version(const Services& services, const Grant& grant, std::int64_t number);

}  // namespace bodega::app
