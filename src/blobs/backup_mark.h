// Which catalog a folder of backups belongs to: <folder>/bodega-backup.json, written before anything else is.
//
// Errors: Error{config_invalid} for a mark that cannot be understood, else as of blobs/file_error.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ulid.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

struct BackupMark {
    static constexpr std::string_view kName = "bodega-backup.json";
    static constexpr std::size_t kMostFormer = 64;

    base::Ulid catalog;
    std::vector<base::Ulid> former;  // catalogs that it belonged to before, the latest last, at most kMostFormer

    // Whether that catalog is the owner or a former one.
    bool names(const base::Ulid& id) const;

    // std::nullopt: the folder is not marked.
    static std::optional<BackupMark> read(FileOps& files, const std::string& folder);

    // Replaces the mark, durably. Requires: nobody else writes it.
    void write(FileOps& files, const std::string& folder) const;
};

}  // namespace bodega::blobs
