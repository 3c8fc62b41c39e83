// How good a shared directory is for bodega. Pure functions.
#pragma once

#include "app/diagnosis.h"
#include "blobs/folder_facts.h"

namespace bodega::app {

// is_fleet: the catalog is a server's, so other nodes may share the folder.
Diagnoses judge_folder(const blobs::FolderFacts& facts, bool is_fleet);

}  // namespace bodega::app
