// Verifies the blobs that only older backups of a folder name. The catalog may not have these files any more.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "blobs/backup_folder.h"
#include "blobs/copy.h"

namespace bodega::app {

struct OlderVerified {
    static constexpr std::size_t kMostProblems = 100;

    std::int64_t verified = 0;          // blobs
    std::vector<std::string> replaced;  // blobs that were damaged and copied again, at most kMostProblems
    std::vector<std::string> problems;  // blobs that are lost, and snapshots that can't be read, at most kMostProblems
};

// Compares each blob that a snapshot of the folder names and `newest` does not with its SHA-256. Copies a damaged one
// again if the shared directory still has it. One thread. Requires: the folder is open for writing.
OlderVerified verify_older(blobs::BackupFolder& folder, const std::string& newest, const blobs::Store& shared,
                           const blobs::Copied& done);

}  // namespace bodega::app
