#include "app/backup/backup_verify.h"

#include <functional>
#include <set>

#include "app/backup/backup.h"
#include "app/backup/snapshot.h"
#include "base/error.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

bool is_damage(Code code) noexcept { return code == Code::not_found || code == Code::checksum_mismatch; }

void add(std::vector<std::string>& list, const std::string& line) {
    if (list.size() < OlderVerified::kMaxProblems) list.push_back(line);
}

void visit_blobs(SnapshotReader& snapshot, const std::function<void(const blobs::Wanted&)>& visit) {
    SnapshotReader::Visitor visitor;
    visitor.row = [&](const db::Table& table, const store::Row& row) {
        if (table.name == "blobs") visit(wanted_of(table, row));
    };
    snapshot.visit(visitor);
}

void verify(const blobs::Wanted& blob, const blobs::Store& backup, const blobs::Store& shared,
            const blobs::Copied& done, OlderVerified& found) {
    ++found.verified;
    if (blobs::is_whole(backup, blob, done)) return;
    try {
        blobs::copy_blob(shared, backup, blob, done);
        add(found.replaced, "blob " + blob.id.text());
    } catch (const Error& error) {
        if (!is_damage(error.code())) throw;
        add(found.problems, "blob " + blob.id.text());
    }
}

}  // namespace

OlderVerified verify_older(blobs::BackupFolder& folder, const std::string& newest, const blobs::Store& shared,
                           const blobs::Copied& done) {
    blobs::FileOps& files = folder.blobs().files();
    std::set<base::Ulid> seen;
    SnapshotReader current(files, folder.path_of(newest));
    visit_blobs(current, [&](const blobs::Wanted& blob) { seen.insert(blob.id); });
    OlderVerified found;
    for (const std::string& name : folder.snapshots()) {
        if (name == newest) continue;
        try {
            SnapshotReader snapshot(files, folder.path_of(name));
            if (!snapshot.head().has_blobs) continue;
            visit_blobs(snapshot, [&](const blobs::Wanted& blob) {
                if (seen.insert(blob.id).second) verify(blob, folder.blobs(), shared, done, found);
            });
        } catch (const Error& error) {
            if (!is_damage(error.code()) && error.code() != Code::config_invalid) throw;
            add(found.problems, "snapshot " + name + ": " + error.what());
        }
    }
    return found;
}

}  // namespace bodega::app
