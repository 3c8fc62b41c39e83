// Reads what older backups of a folder have beside the newest: files that the catalog may have no more.
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
    std::vector<std::string> replaced;  // that were damaged and copied again, at most kMostProblems
    std::vector<std::string> problems;  // damaged or missing for good, and snapshots that can't be read; as many
};

// Each blob that a snapshot of the folder names and `newest` does not is compared with its sha256. A damaged one is
// copied again if the shared directory still has it. One thread. Requires: the folder is open for writing.
OlderVerified verify_older(blobs::BackupFolder& folder, const std::string& newest, const blobs::Store& shared,
                           const blobs::Copied& done);

}  // namespace bodega::app
