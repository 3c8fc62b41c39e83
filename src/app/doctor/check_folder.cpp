#include "app/doctor/check_folder.h"

#include "app/doctor/check_time.h"
#include "blobs/room.h"

namespace bodega::app {
namespace {

using namespace std::chrono_literals;

bool is_efs(const blobs::Mount& mount) {
    return mount.source.find(".efs.") != std::string::npos || mount.source.starts_with("127.0.0.1:");
}

bool is_fuse(const blobs::Mount& mount) { return mount.type.starts_with("fuse"); }

Diagnosis judge_kind(const blobs::Mount& mount, bool is_fleet) {
    constexpr std::string_view kCheck = "folder.file_system";
    const std::string what = mount.type + " at " + mount.point;
    if (mount.type == "tmpfs" || mount.type == "ramfs") {
        return {kCheck, Verdict::fail, what + ": the files are gone when the machine restarts", "take a disk"};
    }
    if (is_fuse(mount)) {
        return {kCheck, Verdict::warn, what + ": most of its kind neither rename in one step nor sync",
                "take NFS or EFS; if you know that this one does both, well"};
    }
    if (is_fleet && !mount.is_nfs() && mount.type != "ceph" && mount.type != "lustre") {
        return {kCheck, Verdict::warn, what + ": a disk of this machine, while the catalog is a server's",
                "on a fleet set node.shared_dir (SHARED_DIR) to the folder that all nodes mount"};
    }
    return {kCheck, Verdict::ok, what, ""};
}

// The NFS client's options, where they decide about losing data (nfs(5)).
void judge_mount(const blobs::Mount& mount, Diagnoses& out) {
    constexpr std::string_view kCheck = "folder.mount";
    const std::size_t before = out.size();
    const std::string version = mount.value("vers");
    if (mount.has("soft") || mount.has("softerr")) {
        out.push_back({kCheck, Verdict::fail, "mounted \"soft\": a slow server makes writes fail or vanish",
                       "mount it \"hard\""});
    }
    if (mount.has("nocto")) {
        out.push_back({kCheck, Verdict::fail, "mounted \"nocto\": what one node wrote another may not see",
                       "mount it without \"nocto\""});
    }
    if (mount.has("async")) {
        out.push_back({kCheck, Verdict::warn, "mounted \"async\"",
                       "mount it without: bodega syncs what it acknowledges, but errors come later"});
    }
    if (version.starts_with("3") || version.starts_with("2")) {
        out.push_back({kCheck, Verdict::warn, "NFS version " + version,
                       "mount it with nfsvers=4.1: locks and sessions survive a restart of the server"});
    }
    if (is_efs(mount) && !mount.has("noresvport")) {
        out.push_back({kCheck, Verdict::warn,
                       "EFS without \"noresvport\": after a lost connection the mount may hang for minutes",
                       "mount it with noresvport, or by amazon-efs-utils"});
    }
    if (mount.has("ro")) out.push_back({kCheck, Verdict::fail, "mounted read-only", "mount it \"rw\""});
    if (out.size() == before) {
        out.push_back({kCheck, Verdict::ok, mount.is_nfs() ? "NFS " + version + ", hard" : "nothing against it", ""});
    }
}

Diagnosis judge_room(std::string_view check, const std::string& of, std::int64_t free, std::int64_t all) {
    if (all <= 0) return {check, Verdict::ok, "no limit of " + of, ""};
    const double share = 100.0 * static_cast<double>(free) / static_cast<double>(all);
    const std::string what = std::to_string(static_cast<int>(share)) + " % of its " + of + " are free";
    const std::string advice = "make room: empty the trash, lower files.versions_keep, or enlarge it";
    if (share < 2) return {check, Verdict::fail, what, advice};
    if (share < 10) return {check, Verdict::warn, what, advice};
    return {check, Verdict::ok, what, ""};
}

Diagnosis judge_speed(std::string_view check, const std::string& doing, const Times& times, bool is_nfs) {
    const std::string what = doing + " takes " + times_text(times);
    const auto good = is_nfs ? 60ms : 30ms;
    const std::string advice =
        "every upload waits for it: look at the disk's or the server's load; EFS wants Elastic Throughput";
    if (percentile(times, 50) > 10 * good) return {check, Verdict::fail, what, advice};
    if (percentile(times, 50) > good) return {check, Verdict::warn, what, advice};
    return {check, Verdict::ok, what, ""};
}

void judge_behaviour(const blobs::FolderFacts& facts, Diagnoses& out) {
    constexpr std::string_view kRename = "folder.rename", kVisible = "folder.visibility", kLocks = "folder.locks";
    const std::string other = "bodega publishes files by rename: take a local disk, NFS or EFS";
    if (facts.can_replace) out.push_back({kRename, Verdict::ok, "rename takes another file's place", ""});
    else out.push_back({kRename, Verdict::fail, "rename does not take another file's place", other});
    if (facts.is_visible) out.push_back({kVisible, Verdict::ok, "a renamed file is there at once, whole", ""});
    else out.push_back({kVisible, Verdict::fail, "a renamed file was not under its name at once, or not whole", other});
    if (facts.excludes) out.push_back({kLocks, Verdict::ok, "a lock keeps others out", ""});
    else {
        out.push_back({kLocks, Verdict::warn, "a lock does not keep others out",
                       "bodega itself locks in the database; but don't run two backups to this file system at once"});
    }
}

}  // namespace

Diagnoses judge_folder(const blobs::FolderFacts& facts, bool is_fleet) {
    const bool nfs = facts.mount.is_nfs();
    Diagnoses out{judge_kind(facts.mount, is_fleet)};
    judge_mount(facts.mount, out);
    out.push_back(judge_room("folder.space", "bytes", facts.free_bytes, facts.all_bytes));
    out.push_back(judge_room("folder.inodes", "inodes", facts.free_files, facts.all_files));
    if (!facts.failure.empty()) {
        out.push_back({"folder.writing", Verdict::fail, facts.failure,
                       "bodega has to write there: look at its rights and its disk"});
        return out;
    }
    judge_behaviour(facts, out);
    out.push_back(judge_speed("folder.sync_latency", "writing 4 KiB durably", facts.sync, nfs));
    out.push_back(judge_speed("folder.rename_latency", "a durable rename", facts.rename, nfs));
    out.push_back(judge_speed("folder.open_latency", "opening a file", facts.open, nfs));
    out.push_back(judge_clock("folder.clock", "the file system's clock", facts.ahead));
    return out;
}

Diagnosis judge_reserve(const blobs::FolderFacts& facts, std::int64_t reserve) {
    constexpr std::string_view kCheck = "folder.reserve";
    constexpr std::int64_t kMiB = 1 << 20;
    if (reserve == 0) return {kCheck, Verdict::ok, "uploads may fill the disk: files.reserve is 0", ""};
    const std::int64_t kept = blobs::Room::reserve_of(reserve, facts.all_bytes);
    const std::string what = std::to_string(facts.free_bytes / kMiB) + " MiB are free, of which uploads leave " +
                             std::to_string(kept / kMiB) + " MiB";
    const std::string advice = "make room: delete for good what is not needed, or enlarge the disk";
    if (facts.free_bytes < kept) return {kCheck, Verdict::fail, "uploads are refused: " + what, advice};
    if (facts.free_bytes < 2 * kept) return {kCheck, Verdict::warn, what, advice};
    return {kCheck, Verdict::ok, what, ""};
}

Diagnosis judge_access(const std::optional<std::string>& obstacle, const blobs::ForeignFolders& foreign) {
    constexpr std::string_view kCheck = "folder.access";
    const std::string advice = "give the whole folder to the account that bodega runs as (chown -R)";
    if (obstacle) return {kCheck, Verdict::fail, "the folder's owner " + *obstacle, advice};
    if (foreign.count > 0)
        return {kCheck, Verdict::fail,
                std::to_string(foreign.count) + " of its folders are another account's: " + foreign.first, advice};
    return {kCheck, Verdict::ok, "its owner can make and read files in it", ""};
}

Diagnosis judge_newest(const NewestFiles& files) {
    constexpr std::string_view kCheck = "folder.files";
    const std::string of = std::to_string(files.known) + " newest files";
    if (files.known == 0) return {kCheck, Verdict::ok, "the catalog names no files yet", ""};
    if (files.missing == 0) return {kCheck, Verdict::ok, "the " + of + " of all nodes are there, of their size", ""};
    if (files.missing == files.known) {
        return {kCheck, Verdict::fail, "none of the catalog's " + of + " is there",
                "this is not the folder that they were written to: see that the share is mounted, and node.shared_dir"};
    }
    return {kCheck, Verdict::fail, std::to_string(files.missing) + " of the catalog's " + of + " are not there, or cut",
            "bodega fsck names them; on NFS, \"nocto\" among the mount's options keeps from here what others wrote"};
}

}  // namespace bodega::app
