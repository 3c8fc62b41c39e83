#include "app/backup/restore.h"

#include <algorithm>

#include "app/fleet/folder_binding.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/progress.h"
#include "db/migrate.h"
#include "server/backend.h"
#include "server/data_dir.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

constexpr Option kOptions[] = {
    {"--snapshot", "NAME", "one of DIR/snapshots; the default is the newest"},
    {"--catalog-only", "", "restore only the catalog: the shared folder already has the files"},
    {"--accept-loss", "",
     "complete the restore although files are missing or damaged in the backup; these then have no content"},
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

// Refuses a folder of another catalog. If the restored catalog took over the folder, the other catalog could no longer
// use it, and the garbage collection would remove files that only the other catalog names. Requires: the database has
// no catalog, or an incomplete one that is not bound to a folder.
void refuse_shared(db::Pool& catalog, const std::string& path, bool adopts) {
    blobs::FileOps& files = blobs::FileOps::kernel();
    if (!blobs::FolderMarks(files, path).catalog_id()) return;
    if (adopts) return app::FolderBinding(catalog, files, path).require_quiet(blobs::Store::read_only(path));
    throw Error(Code::config_invalid, "restore: the shared folder " + path +
                                          " belongs to a catalog that is not in this database: set node.shared_dir "
                                          "(SHARED_DIR) to an empty folder; or, if that "
                                          "catalog is lost or given up, stop all its nodes and add --adopt");
}

// Binds the folder to the catalog. Called after the last migration, because the schema of an older bodega can't record
// the binding. `adopts`: binds the folder even if it looks like another catalog's folder. A folder that has lost files
// looks like that.
void bind(db::Pool& catalog, const blobs::Store& store, bool adopts) {
    app::FolderBinding binding(catalog, store.files(), store.root());
    if (adopts) binding.adopt(store);
    else binding.bind(store);
}

// Reports which files are lost. Either the restore has completed without them, or the person has to choose what to do.
// Returns the exit code.
int report_lost(const app::Restore::Report& done, const std::string& path) {
    for (const std::string& file : done.lost_files) complain("lost: " + file);
    if (done.lost_files.size() == app::LostFiles::kMaxNamed) complain("and more, which are not listed");
    const std::string what = std::to_string(done.lost_blobs) +
                             (done.lost_blobs == 1 ? " stored file is" : " stored files are") +
                             " missing or damaged in " + path;
    if (done.has_ended) {
        complain(what +
                 ": the files above have no content. bodega fsck lists them; delete them, or put their bytes back");
        return kDone;
    }
    complain(what +
             ". Everything else is restored, and nothing serves it yet. Put the bytes back in the backup and run this "
             "again, "
             "or complete the restore without them: add --accept-loss");
    return kFailed;
}

int run_restore(const Invocation& invocation) {
    const std::string& path = invocation.arguments[0];
    const config::Config config = invocation.config();
    blobs::BackupFolder folder(path);
    const std::string snapshot = choose_snapshot(folder, invocation.value("--snapshot"), path);
    const std::string shared = server::shared_dir(config);
    db::Pool pool(server::catalog_source(config), {.size = 2, .wait = config.database.pool_wait});
    app::Restore::Options options;
    options.catalog_only = invocation.has("--catalog-only");
    options.accept_loss = invocation.has("--accept-loss");
    options.reserve = config.files.reserve;
    app::Restore::Report done;
    {
        Progress rows("restore the catalog", -1), files("restore the files", -1);
        app::Restore restore(folder, snapshot, pool, shared, options, [&](const app::BackupWork& work) {
            if (work.files) files.set_files(work.copied + work.kept, work.bytes, work.all_bytes);
            else rows.set_items("row", work.rows, work.all_rows, 0);
        });
        // Checks everything that may refuse the restore before anything is created.
        restore.check();
        refuse_shared(pool, shared, invocation.has("--adopt"));
        server::make_data_dir(config);
        done = restore.run();
    }
    const int code = done.lost_blobs > 0 ? report_lost(done, path) : kDone;
    if (!done.has_ended) return code;
    server::migrate_catalog(config);
    bind(pool, blobs::Store(shared), invocation.has("--adopt") || done.lost_blobs > 0);
    say("restored " + std::to_string(done.done.rows) + " rows and " +
        amount(done.done.copied + done.done.kept, done.done.bytes) + " of snapshot " + snapshot +
        "; counts and digests are equal to the backup's. Next: bodega serve; everybody must sign in again. To write "
        "backups "
        "to the same folder: bodega backup --adopt, once");
    return kDone;
}

}  // namespace

const Command& restore_command() {
    static constexpr Command command{
        "restore",
        "DIR",
        "restore a backup into an empty database",
        "Restores a snapshot of DIR, as bodega backup wrote it, into the configured database, which must be empty,\n"
        "and its files into the shared folder, each checked against its sha256. The database engine may differ from\n"
        "the one that was backed up. A killed run continues when it is run again; no node serves the catalog until\n"
        "the restore is complete.",
        kOptions,
        1,
        1,
        true,
        run_restore};
    return command;
}

}  // namespace bodega::cli
