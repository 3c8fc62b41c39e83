// Verifies the blobs that are in older backups of a folder but not in the newest one. The catalog may no longer have
// these files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "blobs/backup_folder.h"
#include "blobs/copy.h"

namespace bodega::app {

struct OlderVerified {
    static constexpr std::size_t kMaxProblems = 100;

    std::int64_t verified = 0;          // number of blobs
    std::vector<std::string> replaced;  // damaged blobs that were copied again, at most kMaxProblems
    std::vector<std::string> problems;  // lost blobs, and snapshots that can't be read, at most kMaxProblems
};

// Checks the SHA-256 of each blob that is named by a snapshot of the folder but not by `newest`. Copies a damaged blob
// again if the shared directory still has it. Uses one thread. Requires: the folder is open for writing.
OlderVerified verify_older(blobs::BackupFolder& folder, const std::string& newest, const blobs::Store& shared,
                           const blobs::Copied& done);

}  // namespace bodega::app
