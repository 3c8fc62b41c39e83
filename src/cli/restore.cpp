#include "app/restore.h"

#include <algorithm>

#include "app/folder_binding.h"
#include "app/transfer_target.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/data_dir.h"
#include "cli/progress.h"
#include "cli/storehouse.h"
#include "db/migrate.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

constexpr Option kOptions[] = {
    {"--snapshot", "NAME", "one of DIR/snapshots; without it the newest"},
    {"--catalog-only", "", "the rows alone: the shared folder has the files already"},
    {"--adopt", "", "take over a shared folder that belongs to another catalog, such as the lost one"},
};

std::string choose_snapshot(const blobs::BackupFolder& folder, const std::optional<std::string>& wanted,
                            const std::string& path) {
    const std::vector<std::string> names = folder.snapshots();
    if (names.empty()) {
        throw Error(Code::config_invalid, "restore: " + path + " holds no complete backup: its snapshots/ is empty");
    }
    if (!wanted) return names.back();
    if (std::ranges::find(names, *wanted) != names.end()) return *wanted;
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    throw Error(Code::config_invalid, "restore: there is no snapshot " + *wanted + "; there are: " + all);
}

// The folder's own catalog would be shut out, and files that it alone names would be nobody's. Requires: the database
// has no catalog, or one that is not whole; neither is bound to any folder.
void refuse_bound(const config::Config& config, bool adopts) {
    const std::string path = shared_dir(config);
    if (adopts || !blobs::FolderMarks(blobs::FileOps::kernel(), path).catalog_id()) return;
    throw Error(Code::config_invalid, "restore: the shared folder " + path +
                                          " belongs to a catalog that is not in this database: set node.shared_dir "
                                          "(SHARED_DIR) to an empty folder; or, if that "
                                          "catalog is lost or given up, stop all its nodes and add --adopt");
}

// After the last migration: a catalog that was backed up by an older bodega has no place for it before.
void bind(const config::Config& config, db::Pool& catalog, const blobs::Store& store, bool adopts) {
    app::FolderBinding binding(catalog, store.files(), shared_dir(config));
    if (adopts) binding.adopt(store);
    else binding.bind(store);
}

int run_restore(const Invocation& invocation) {
    const std::string& path = invocation.arguments[0];
    const config::Config config = invocation.config();
    blobs::BackupFolder folder(path, blobs::BackupFolder::Use::read);
    const std::string snapshot = choose_snapshot(folder, invocation.value("--snapshot"), path);
    const bool adopts = invocation.has("--adopt");
    const db::Source target = catalog_source(config);
    app::require_transfer_target(target);
    refuse_bound(config, adopts);
    make_data_dir(config);
    blobs::Store blobs(shared_dir(config));
    db::Pool pool(target, {.size = 2, .wait = config.database.pool_wait});
    if (adopts) app::FolderBinding(pool, blobs.files(), blobs.root()).require_quiet(blobs);
    app::Restore::Options options;
    options.catalog_only = invocation.has("--catalog-only");
    app::Restore::Report done;
    {
        Progress rows("restore the catalog", -1), files("restore the files", -1);
        done = app::Restore(folder, snapshot, target, pool, blobs, options, [&](const app::BackupWork& work) {
                   if (work.files) files.set_files(work.copied + work.kept, work.bytes, work.all_bytes);
                   else rows.set_items("row", work.rows, work.all_rows, 0);
               }).run();
    }
    migrate_catalog(config);
    bind(config, pool, blobs, adopts);
    say("restored " + std::to_string(done.done.rows) + " rows and " +
        amount(done.done.copied + done.done.kept, done.done.bytes) + " of snapshot " + snapshot +
        "; counts and digests are those of the backup. Next: bodega serve; everybody signs in anew");
    return kDone;
}

}  // namespace

const Command& restore_command() {
    static constexpr Command command{
        "restore",
        "DIR",
        "bring a backup back, into an empty database",
        "Brings a snapshot of DIR, as bodega backup wrote it, into the configured database, which is empty, and its "
        "files\n"
        "into the shared folder, each checked against its sha256. The database may be of another engine than the one "
        "that\n"
        "was backed up. Killed at any moment it goes on when it is run again; until it has ended, no node serves it.",
        kOptions,
        1,
        1,
        true,
        run_restore};
    return command;
}

}  // namespace bodega::cli
