// Lists, restores and deletes the versions of a file.
#pragma once

#include <cstdint>
#include <vector>

#include "app/auth/authorizer.h"

namespace bodega::app {

// Lists all versions including the current one, newest first. Throws Error{conflict} for a folder.
std::vector<store::Version> list_versions(const Services& services, const Grant& grant);

// Finds one version. Throws Error{not_found} if the file has no version of that number.
store::Version find_version(const Services& services, const Grant& grant, std::int64_t number);

// Makes a former version's content the current content, under a new version number. The content that was current
// becomes a former version, so the space's usage does not grow. Does nothing for the current version. Requires the
// editor's role. Throws Error{not_found}, Error{conflict} for a folder.
store::Entry restore_version(const Services& services, const Grant& grant, std::int64_t number);

// Deletes a former version for good and frees its bytes in the space's quota. Requires the editor's role. Throws
// Error{not_found}, Error{conflict} for the current version and for a folder.
void delete_version(const Services& services, const Grant& grant, std::int64_t number);

}  // namespace bodega::app
