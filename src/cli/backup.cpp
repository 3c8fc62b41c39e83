#include "app/backup/backup.h"

#include <charconv>
#include <optional>
#include <string>

#include "app/backup/backup_owner.h"
#include "app/backup/backup_prune.h"
#include "app/backup/backup_verify.h"
#include "base/error.h"
#include "blobs/same_folder.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/progress.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

constexpr int kVerifyPercent = 5;  // percent of the files per run: nightly runs verify all files within three weeks

constexpr Option kOptions[] = {
    {"--keep", "N", "afterwards, remove all but the newest N snapshots, and the files that no kept snapshot names"},
    {"--catalog-only", "", "back up only the catalog, where the shared folder has its own backups"},
    {"--verify", "", "read every file in DIR, of all its snapshots, and copy damaged ones again"},
    {"--verify-share", "PERCENT",
     "read this share of the snapshot's files, a different one each run: 0 to 100; the default is 5"},
    {"--adopt", "", "take over a DIR with another catalog's backups, such as those of the restored catalog"},
};

// Refuses a backup into the shared directory itself.
void refuse_inside(const std::string& to, const config::Config& config) {
    const std::string shared = server::shared_dir(config);
    bool inside = blobs::is_same(to, shared);
    for (const char* name : {"/blobs", "/incoming", "/generation", "/thumbs"})
        inside = inside || blobs::is_within(to, shared + name);
    if (!inside) return;
    throw base::Error(base::Code::config_invalid,
                      "backup: " + to + " is the shared directory itself; name a folder outside, on another disk");
}

int report(const app::Backup::Report& done, const std::string& to) {
    for (const std::string& problem : done.problems) complain(problem);
    const app::BackupWork& work = done.done;
    if (!done.is_complete()) {
        complain(
            "the backup is not complete, so it has no snapshot: bodega fsck names the files. Delete "
            "them, or put their bytes back from an earlier backup, then run this again");
        return kFailed;
    }
    const std::string how = " was damaged in " + to + " and was copied again";
    for (const std::string& blob : done.replaced) complain(blob + how);
    std::string there = std::to_string(work.kept) + " were there already";
    if (work.verified > 0) there.append(", ").append(std::to_string(work.verified)).append(" verified");
    say("backed up " + std::to_string(work.rows) + " rows and " + amount(work.copied + work.kept, work.all_bytes) +
        " (" + there + ") to " + to + ": snapshot " + done.snapshot);
    return kDone;
}

std::optional<std::size_t> number_in(const std::string& text) {
    std::size_t number = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    return at == end && error == std::errc() ? std::optional(number) : std::nullopt;
}

// Returns std::nullopt if all snapshots are kept.
std::optional<std::size_t> how_many_to_keep(const Invocation& invocation) {
    const auto text = invocation.value("--keep");
    if (!text) return std::nullopt;
    const auto keep = number_in(*text);
    if (keep && *keep > 0) return keep;
    throw base::Error(base::Code::config_invalid, "backup: --keep takes a number of snapshots, 1 or more");
}

int verify_percent(const Invocation& invocation) {
    if (invocation.has("--verify")) return 100;
    const auto text = invocation.value("--verify-share");
    if (!text) return kVerifyPercent;
    const auto percent = number_in(*text);
    if (percent && *percent <= 100) return static_cast<int>(*percent);
    throw base::Error(base::Code::config_invalid, "backup: --verify-share takes a percentage, 0 to 100");
}

void prune(blobs::BackupFolder& folder, std::size_t keep, const std::string& taken) {
    const app::Pruned pruned = app::prune_backups(folder, keep, taken);
    if (pruned.snapshots == 0) return;
    say("removed " + std::to_string(pruned.snapshots) +
        (pruned.snapshots == 1 ? " older snapshot and " : " older snapshots and ") + std::to_string(pruned.blobs) +
        " files that no kept snapshot names");
}

// Verifies the backup's files that the new snapshot `taken` does not name. Copies damaged files again from `shared`.
// Returns the exit code.
int verify_rest(blobs::BackupFolder& folder, const std::string& taken, const blobs::Store& shared) {
    app::OlderVerified found;
    {
        Progress progress("verify older backups", -1);
        found = app::verify_older(folder, taken, shared, [&](std::int64_t bytes) { progress.add_bytes(bytes); });
    }
    for (const std::string& blob : found.replaced) complain(blob + " was damaged and was copied again");
    for (const std::string& problem : found.problems) complain(problem);
    if (found.verified > 0) say("verified " + std::to_string(found.verified) + " files that only older snapshots name");
    if (found.problems.empty()) return kDone;
    complain(
        "older snapshots lack the files named above, and the shared folder no longer has them. The snapshot that was "
        "just taken is complete");
    return kFailed;
}

int run_backup(const Invocation& invocation) {
    const std::string& to = invocation.arguments[0];
    const std::optional<std::size_t> keep = how_many_to_keep(invocation);
    app::Backup::Options options;
    options.verify_percent = verify_percent(invocation);
    server::Backend backend(invocation.config(), server::Backend::Absent::refuse);
    const app::Services& services = backend.services();
    refuse_inside(to, backend.config());
    backend.binding().bind(services.blobs);  // gives the catalog its id, if no node has been started yet
    blobs::BackupFolder folder(to, app::backup_writer(services.catalog, invocation.has("--adopt")));
    options.catalog_only = invocation.has("--catalog-only");
    app::Backup::Report done;
    {
        Progress rows("snapshot", -1), files("backup", -1);
        done = app::Backup(services, folder, options, [&](const app::BackupWork& work) {
                   if (work.files) files.set_files(work.copied + work.kept, work.bytes, work.all_bytes);
                   else rows.set_items("row", work.rows, work.all_rows, 0);
               }).run();
    }
    const int code = report(done, to);
    if (keep && code == kDone) prune(folder, *keep, done.snapshot);
    if (code != kDone || options.catalog_only || !invocation.has("--verify")) return code;
    return verify_rest(folder, done.snapshot, services.blobs);
}

}  // namespace

const Command& backup_command() {
    static constexpr Command command{
        "backup",
        "DIR",
        "write a backup of everything to a folder, while nodes run",
        "Takes one snapshot of the catalog, then copies every file that it names, each checked against its sha256.\n"
        "The snapshot gets its name last, so a snapshot with a name is complete. Files that DIR already has are not\n"
        "copied again, and a killed run continues when it is run again. DIR/snapshots/ keeps every snapshot, or\n"
        "with --keep the newest. A new DIR belongs to this catalog from then on: a backup of another catalog to it\n"
        "is refused. Each run verifies a share of the files that DIR already has. Sessions, unfinished uploads and\n"
        "other data of running nodes are left out.",
        kOptions,
        1,
        1,
        true,
        run_backup};
    return command;
}

}  // namespace bodega::cli
