#include "app/backup_prune.h"

#include <algorithm>
#include <vector>

#include "app/backup.h"
#include "app/snapshot.h"

namespace bodega::app {
namespace {

// The blobs that any of the snapshots names, in order.
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

}  // namespace

Pruned prune_backups(blobs::BackupFolder& folder, std::size_t keep) {
    std::vector<std::string> snapshots = folder.snapshots();
    if (snapshots.size() <= keep) return {};
    const std::vector<std::string> kept(snapshots.end() - static_cast<std::ptrdiff_t>(keep), snapshots.end());
    blobs::Store& store = folder.blobs();
    // All are read before the first is removed.
    const std::vector<base::Ulid> named = named_by(folder, store.files(), kept);
    Pruned pruned;
    for (std::size_t i = 0; i < snapshots.size() - keep; ++i, ++pruned.snapshots) folder.remove(snapshots[i]);
    for (int top = 0; top < blobs::Store::kTopFolders; ++top) {
        store.list_blobs(top, [&](const blobs::FileInfo& file) {
            if (!std::ranges::binary_search(named, file.id) && store.remove_blob(file.id)) ++pruned.blobs;
        });
    }
    return pruned;
}

}  // namespace bodega::app
