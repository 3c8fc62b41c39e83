// Lists, restores and deletes the versions of a file.
#pragma once

#include <cstdint>
#include <vector>

#include "app/auth/authorizer.h"

namespace bodega::app {

// Lists the versions newest first, the current one included. Throws Error{conflict} for a folder.
std::vector<store::Version> list_versions(const Services& services, const Grant& grant);

// Finds one version. Throws Error{not_found} if there is no version of that number (any more).
store::Version find_version(const Services& services, const Grant& grant, std::int64_t number);

// Makes a former version's content the current one, under a new number. The current content becomes a former version,
// so the space's usage does not grow. Restoring the current version changes nothing. Requires the editor's role. Throws
// Error{not_found}, Error{conflict} for a folder.
store::Entry restore_version(const Services& services, const Grant& grant, std::int64_t number);

// Deletes a former version for good, which gives its bytes back to the space. Requires the editor's role. Throws
// Error{not_found}, Error{conflict} for the current version and for a folder.
void delete_version(const Services& services, const Grant& grant, std::int64_t number);

}  // namespace bodega::app
