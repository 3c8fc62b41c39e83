// The mark of a folder of backups, which names its catalog and the layout of its blobs: <folder>/bodega-backup.json,
// written before anything else.
//
// Errors: Error{config_invalid} for a mark that can't be parsed or names another layout, and the errors of
// blobs/file_error.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ulid.h"
#include "blobs/file_ops.h"

namespace bodega::blobs {

struct BackupMark {
    static constexpr std::string_view kName = "bodega-backup.json";
    static constexpr std::size_t kMaxFormer = 64;

    base::Ulid catalog;
    std::vector<base::Ulid> former;  // earlier owners, the latest last, at most kMaxFormer

    // Whether `id` is the owner or an earlier owner.
    bool names(const base::Ulid& id) const;

    // Returns std::nullopt if the folder has no mark.
    static std::optional<BackupMark> read(FileOps& files, const std::string& folder);

    // Replaces the mark, durably. Requires: no other process writes it.
    void write(FileOps& files, const std::string& folder) const;
};

}  // namespace bodega::blobs
