#include "app/backup/backup_prune.h"

#include <algorithm>
#include <vector>

#include "app/backup/backup.h"
#include "app/backup/snapshot.h"
#include "base/error.h"

namespace bodega::app {
namespace {

// The blobs that the snapshots name, sorted and without duplicates.
std::vector<base::Ulid> named_by(const blobs::BackupFolder& folder, blobs::FileOps& files,
                                 const std::vector<std::string>& snapshots) {
    std::vector<base::Ulid> named;
    for (const std::string& name : snapshots) {
        SnapshotReader reader(files, folder.path_of(name));
        SnapshotReader::Visitor visitor;
        visitor.row = [&](const db::Table& table, const store::Row& row) {
            if (table.name == "blobs") named.push_back(wanted_of(table, row).id);
        };
        reader.visit(visitor);
    }
    std::ranges::sort(named);
    const auto rest = std::ranges::unique(named);
    named.erase(rest.begin(), rest.end());
    return named;
}

// True if another catalog took the snapshot. A snapshot that can't be read counts as this catalog's snapshot, since
// nothing can be restored from it.
bool is_foreign(blobs::BackupFolder& folder, const std::string& name) {
    try {
        return !folder.owns(SnapshotReader(folder.blobs().files(), folder.path_of(name)).head().catalog);
    } catch (const base::Error& error) {
        if (error.code() != base::Code::checksum_mismatch && error.code() != base::Code::config_invalid) throw;
        return false;
    }
}

// The snapshots to remove, oldest first.
std::vector<std::string> outdated(blobs::BackupFolder& folder, std::size_t keep, const std::string& taken) {
    std::vector<std::string> others = folder.snapshots();
    std::erase(others, taken);
    if (others.size() < keep) return {};
    std::erase_if(others, [&](const std::string& name) { return is_foreign(folder, name); });
    others.resize(others.size() - std::min(others.size(), keep - 1));
    return others;
}

}  // namespace

Pruned prune_backups(blobs::BackupFolder& folder, std::size_t keep, const std::string& taken) {
    const std::vector<std::string> removed = outdated(folder, keep, taken);
    if (removed.empty()) return {};
    std::vector<std::string> kept = folder.snapshots();
    std::erase_if(kept, [&](const std::string& name) { return std::ranges::find(removed, name) != removed.end(); });
    blobs::Store& store = folder.blobs();
    // Reads all remaining snapshots first. If one of them can't be read, nothing is removed.
    const std::vector<base::Ulid> named = named_by(folder, store.files(), kept);
    Pruned pruned;
    for (const std::string& name : removed) {
        folder.remove(name);
        ++pruned.snapshots;
    }
    for (int part = 0; part < blobs::Store::kParts; ++part) {
        store.list_blobs(part, [&](const blobs::FileInfo& file) {
            if (!std::ranges::binary_search(named, file.id) && store.remove_blob(file.id)) ++pruned.blobs;
        });
    }
    return pruned;
}

}  // namespace bodega::app
