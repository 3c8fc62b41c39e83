#include "app/doctor/check_folder.h"

#include "app/doctor/check_time.h"
#include "blobs/free_space.h"

namespace bodega::app {
namespace {

using namespace std::chrono_literals;

bool is_efs(const blobs::Mount& mount) {
    return mount.source.find(".efs.") != std::string::npos || mount.source.starts_with("127.0.0.1:");
}

bool is_fuse(const blobs::Mount& mount) { return mount.type.starts_with("fuse"); }

Diagnosis check_kind(const blobs::Mount& mount, bool is_fleet) {
    constexpr std::string_view kCheck = "folder.file_system";
    const std::string what = mount.type + " at " + mount.point;
    if (mount.type == "tmpfs" || mount.type == "ramfs") {
        return {kCheck, Verdict::fail, what + ": the files are gone when the machine restarts", "take a disk"};
    }
    if (is_fuse(mount)) {
        return {kCheck, Verdict::warn, what + ": most of its kind neither rename in one step nor sync",
                "take NFS or EFS, unless you know that this one does both"};
    }
    if (is_fleet && !mount.is_nfs() && mount.type != "ceph" && mount.type != "lustre") {
        return {kCheck, Verdict::warn, what + ": a disk of this machine, while the catalog is on a database server",
                "on a fleet set node.shared_dir (SHARED_DIR) to the folder that all nodes mount"};
    }
    return {kCheck, Verdict::ok, what, ""};
}

// Checks for NFS mount options that can lose data (nfs(5)).
void check_mount(const blobs::Mount& mount, Diagnoses& out) {
    constexpr std::string_view kCheck = "folder.mount";
    const std::size_t before = out.size();
    const std::string version = mount.value("vers");
    if (mount.has("soft") || mount.has("softerr")) {
        out.push_back({kCheck, Verdict::fail, "mounted \"soft\": a slow server makes writes fail or vanish",
                       "mount it \"hard\""});
    }
    if (mount.has("nocto")) {
        out.push_back({kCheck, Verdict::fail, "mounted \"nocto\": a node may not see what another node wrote",
                       "mount it without \"nocto\""});
    }
    if (mount.has("async")) {
        out.push_back({kCheck, Verdict::warn, "mounted \"async\"",
                       "mount it without \"async\": bodega syncs what it acknowledges, but errors come later"});
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
        out.push_back({kCheck, Verdict::ok, mount.is_nfs() ? "NFS " + version + ", hard" : "no option is wrong", ""});
    }
}

Diagnosis check_room(std::string_view check, const std::string& of, std::int64_t free, std::int64_t all) {
    if (all <= 0) return {check, Verdict::ok, "no limit of " + of, ""};
    const double share = 100.0 * static_cast<double>(free) / static_cast<double>(all);
    const std::string what = std::to_string(static_cast<int>(share)) + " % of its " + of + " are free";
    const std::string advice = "make room: empty the trash, lower files.versions_keep, or enlarge it";
    if (share < 2) return {check, Verdict::fail, what, advice};
    if (share < 10) return {check, Verdict::warn, what, advice};
    return {check, Verdict::ok, what, ""};
}

Diagnosis check_speed(std::string_view check, const std::string& doing, const Times& times, bool is_nfs) {
    const std::string what = doing + " takes " + times_text(times);
    const auto good = is_nfs ? 60ms : 30ms;
    const std::string advice =
        "every upload waits for it: check the load of the disk or the server; on EFS use Elastic Throughput";
    if (percentile(times, 50) > 10 * good) return {check, Verdict::fail, what, advice};
    if (percentile(times, 50) > good) return {check, Verdict::warn, what, advice};
    return {check, Verdict::ok, what, ""};
}

void check_behaviour(const blobs::FolderProbe& probe, Diagnoses& out) {
    constexpr std::string_view kRename = "folder.rename", kVisible = "folder.visibility", kLocks = "folder.locks";
    const std::string other = "bodega publishes files by rename: take a local disk, NFS or EFS";
    if (probe.can_replace) out.push_back({kRename, Verdict::ok, "rename replaces another file", ""});
    else out.push_back({kRename, Verdict::fail, "rename does not replace another file", other});
    if (probe.is_visible)
        out.push_back({kVisible, Verdict::ok, "a renamed file is visible at once, with all its bytes", ""});
    else out.push_back({kVisible, Verdict::fail, "a renamed file was not visible at once, or lacked bytes", other});
    if (probe.excludes) out.push_back({kLocks, Verdict::ok, "a lock keeps others out", ""});
    else {
        out.push_back({kLocks, Verdict::warn, "a lock does not keep others out",
                       "bodega itself locks in the database; but don't run two backups to this file system at once"});
    }
}

}  // namespace

Diagnoses check_folder(const blobs::FolderProbe& probe, bool is_fleet) {
    const bool nfs = probe.mount.is_nfs();
    Diagnoses out{check_kind(probe.mount, is_fleet)};
    check_mount(probe.mount, out);
    out.push_back(check_room("folder.space", "bytes", probe.free_bytes, probe.all_bytes));
    out.push_back(check_room("folder.inodes", "inodes", probe.free_files, probe.all_files));
    if (!probe.failure.empty()) {
        out.push_back({"folder.writing", Verdict::fail, probe.failure,
                       "bodega has to write there: check its permissions and its disk"});
        return out;
    }
    check_behaviour(probe, out);
    out.push_back(check_speed("folder.sync_latency", "writing 4 KiB durably", probe.sync, nfs));
    out.push_back(check_speed("folder.rename_latency", "a durable rename", probe.rename, nfs));
    out.push_back(check_speed("folder.open_latency", "opening a file", probe.open, nfs));
    out.push_back(check_clock("folder.clock", "the file system's clock", probe.ahead));
    return out;
}

Diagnosis check_reserve(const blobs::FolderProbe& probe, std::int64_t reserve) {
    constexpr std::string_view kCheck = "folder.reserve";
    constexpr std::int64_t kMiB = 1 << 20;
    if (reserve == 0) return {kCheck, Verdict::ok, "uploads may fill the disk: files.reserve is 0", ""};
    const std::int64_t kept = blobs::FreeSpace::reserve_of(reserve, probe.all_bytes);
    const std::string what = std::to_string(probe.free_bytes / kMiB) + " MiB are free, of which uploads leave " +
                             std::to_string(kept / kMiB) + " MiB";
    const std::string advice = "make room: delete for good what is not needed, or enlarge the disk";
    if (probe.free_bytes < kept) return {kCheck, Verdict::fail, "uploads are refused: " + what, advice};
    if (probe.free_bytes < 2 * kept) return {kCheck, Verdict::warn, what, advice};
    return {kCheck, Verdict::ok, what, ""};
}

Diagnosis check_access(const std::optional<std::string>& obstacle, const blobs::ForeignFolders& foreign) {
    constexpr std::string_view kCheck = "folder.access";
    const std::string advice = "give the whole folder to the account that bodega runs as (chown -R)";
    if (obstacle) return {kCheck, Verdict::fail, "the folder's owner " + *obstacle, advice};
    if (foreign.count > 0)
        return {kCheck, Verdict::fail,
                std::to_string(foreign.count) + " of its folders are another account's: " + foreign.first, advice};
    return {kCheck, Verdict::ok, "its owner can make and read files in it", ""};
}

Diagnosis check_newest(const NewestFiles& files) {
    constexpr std::string_view kCheck = "folder.files";
    const std::string of = std::to_string(files.known) + " newest files";
    if (files.known == 0) return {kCheck, Verdict::ok, "the catalog names no files yet", ""};
    if (files.missing == 0) return {kCheck, Verdict::ok, "the " + of + " of all nodes are there, of their size", ""};
    if (files.missing == files.known) {
        return {
            kCheck, Verdict::fail, "none of the catalog's " + of + " is there",
            "this is not the folder that they were written to: check that the share is mounted, and node.shared_dir"};
    }
    return {kCheck, Verdict::fail, std::to_string(files.missing) + " of the catalog's " + of + " are not there, or cut",
            "bodega fsck names them; on NFS the mount option \"nocto\" hides files that other nodes wrote"};
}

}  // namespace bodega::app
