#include "app/backup.h"

#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include "app/backup_prune.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/progress.h"
#include "cli/storehouse.h"

namespace bodega::cli {
namespace {

namespace fs = std::filesystem;

constexpr Option kOptions[] = {
    {"--keep", "N", "afterwards remove all but the newest N snapshots, and the files that only those name"},
    {"--catalog-only", "", "without the files' bytes, where the shared folder has backups of its own"},
};

// The shared directory would be its own backup.
void refuse_inside(const std::string& to, const config::Config& config) {
    std::error_code error;
    const fs::path folder = fs::weakly_canonical(fs::absolute(to, error), error);
    const fs::path shared = fs::weakly_canonical(fs::absolute(shared_dir(config), error), error);
    bool inside = folder == shared;
    for (const char* name : {"blobs", "incoming"}) {
        const std::string own = (shared / name).string();
        inside = inside || folder.string() == own || folder.string().starts_with(own + "/");
    }
    if (!inside) return;
    throw base::Error(base::Code::config_invalid,
                      "backup: " + to + " is the shared directory itself; name a folder outside, on another disk");
}

int report(const app::Backup::Report& done, const std::string& to) {
    for (const std::string& problem : done.problems) complain(problem);
    const app::BackupWork& work = done.done;
    if (!done.is_complete()) {
        complain(
            "the backup is not complete, and so there is no snapshot of it: bodega fsck names the files. Delete "
            "them, or put their bytes back from an earlier backup, then run this again");
        return kFailed;
    }
    say("backed up " + std::to_string(work.rows) + " rows and " + amount(work.copied + work.kept, work.all_bytes) +
        " (" + std::to_string(work.kept) + " were there already) to " + to + ": snapshot " + done.snapshot);
    return kDone;
}

// std::nullopt: all.
std::optional<std::size_t> how_many_to_keep(const Invocation& invocation) {
    const auto text = invocation.value("--keep");
    if (!text) return std::nullopt;
    std::size_t keep = 0;
    const char* end = text->data() + text->size();
    if (std::from_chars(text->data(), end, keep).ptr == end && keep > 0) return keep;
    throw base::Error(base::Code::config_invalid, "backup: --keep takes a number of snapshots, 1 or more");
}

void prune(blobs::BackupFolder& folder, std::size_t keep) {
    const app::Pruned pruned = app::prune_backups(folder, keep);
    if (pruned.snapshots == 0) return;
    say("removed " + std::to_string(pruned.snapshots) +
        (pruned.snapshots == 1 ? " older snapshot and " : " older snapshots and ") + std::to_string(pruned.blobs) +
        " files that no other names");
}

int run_backup(const Invocation& invocation) {
    const std::string& to = invocation.arguments[0];
    const std::optional<std::size_t> keep = how_many_to_keep(invocation);
    Storehouse house(invocation.config(), Storehouse::Absent::refuse);
    refuse_inside(to, house.config());
    blobs::BackupFolder folder(to, blobs::BackupFolder::Use::make);
    app::Backup::Options options;
    options.catalog_only = invocation.has("--catalog-only");
    app::Backup::Report done;
    {
        Progress rows("snapshot", -1), files("backup", -1);
        done = app::Backup(house.services(), folder, options, [&](const app::BackupWork& work) {
                   if (work.files) files.set_files(work.copied + work.kept, work.bytes, work.all_bytes);
                   else rows.set_items("row", work.rows, work.all_rows, 0);
               }).run();
    }
    const int code = report(done, to);
    if (keep && code == kDone) prune(folder, *keep);
    return code;
}

}  // namespace

const Command& backup_command() {
    static constexpr Command command{
        "backup",
        "DIR",
        "write a backup of everything to a folder, while it is served",
        "Takes one snapshot of the catalog, then copies every file that it names, each checked against its sha256, and "
        "at\n"
        "last gives the snapshot its name: one that is there is whole. Files that DIR has already are not copied "
        "again, and\n"
        "a run that was killed goes on when it is run anew. DIR/snapshots/ keeps every snapshot, or with "
        "--keep the\n"
        "newest. Sessions, unfinished uploads and what else belongs to running nodes is left out.",
        kOptions,
        1,
        1,
        true,
        run_backup};
    return command;
}

}  // namespace bodega::cli
