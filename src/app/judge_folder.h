// How good a shared directory is for bodega. Pure functions.
#pragma once

#include "app/diagnosis.h"
#include "blobs/folder_facts.h"

namespace bodega::app {

// is_fleet: the catalog is a server's, so other nodes may share the folder.
Diagnoses judge_folder(const blobs::FolderFacts& facts, bool is_fleet);

// Of the files that came last, by whatever node, how many are not there as the catalog has them.
struct NewestFiles {
    int known = 0;
    int missing = 0;
};
Diagnosis judge_newest(const NewestFiles& files);

}  // namespace bodega::app
