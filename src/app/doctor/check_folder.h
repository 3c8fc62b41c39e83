// Checks that a shared directory is fit for bodega. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "app/doctor/diagnosis.h"
#include "blobs/folder_access.h"
#include "blobs/folder_probe.h"

namespace bodega::app {

// is_fleet: true if the catalog is on a database server, so that other nodes may share the folder.
Diagnoses check_folder(const blobs::FolderProbe& probe, bool is_fleet);

// Checks that the disk has more free space than `reserve`, so that uploads are accepted. Requires: probe.all_bytes > 0.
Diagnosis check_reserve(const blobs::FolderProbe& probe, std::int64_t reserve);

// Checks that bodega's user account can use the folder. obstacle: the result of blobs::find_obstacle().
Diagnosis check_access(const std::optional<std::string>& obstacle, const blobs::ForeignFolders& foreign);

// The results of looking up the catalog's newest files: how many were looked up, and how many are missing or have
// another size.
struct NewestFiles {
    int known = 0;
    int missing = 0;
};
Diagnosis check_newest(const NewestFiles& files);

}  // namespace bodega::app
