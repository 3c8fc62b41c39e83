// How good a shared directory is for bodega. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "app/doctor/diagnosis.h"
#include "blobs/folder_access.h"
#include "blobs/folder_probe.h"

namespace bodega::app {

// is_fleet: the catalog is a server's, so other nodes may share the folder.
Diagnoses judge_folder(const blobs::FolderFacts& facts, bool is_fleet);

// Whether uploads are let in, with files.reserve = `reserve`. Requires: facts.all_bytes > 0.
Diagnosis judge_reserve(const blobs::FolderFacts& facts, std::int64_t reserve);

// Whether the account that bodega runs as can use the folder. obstacle: as blobs::find_obstacle() says it.
Diagnosis judge_access(const std::optional<std::string>& obstacle, const blobs::ForeignFolders& foreign);

// Of the files that came last, by whatever node, how many are not there as the catalog has them.
struct NewestFiles {
    int known = 0;
    int missing = 0;
};
Diagnosis judge_newest(const NewestFiles& files);

}  // namespace bodega::app
