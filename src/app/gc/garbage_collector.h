// Removes what is no longer needed: abandoned uploads, entries whose time in the trash is over, files that a crash left
// without a row, blobs without an entry, old records of the audit log. Rows are removed before their files. If the file
// then remains, a later pass finds it as a file without a row.
//
// A pass first replaces the folder's generation (app/fleet/folder_binding.h). If that fails, nothing is removed, since
// this catalog may be a copy, or the folder may belong to another catalog.
//
// While a backup reads blobs, no blob is removed (app/gc/gc_pin.h). One node of the fleet collects at a time, under the
// lease "sweeper". Before each removal it checks that it still holds the lease. Ages are measured on the clocks of the
// database and the file system, never on a node's clock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/fleet/folder_binding.h"
#include "app/fleet/held_lease.h"
#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

struct Collected {
    std::int64_t uploads = 0;   // abandoned uploads
    std::int64_t incoming = 0;  // files of abandoned uploads, and files in incoming without a row
    std::int64_t trash = 0;     // entries whose time in the trash is over
    std::int64_t blobs = 0;     // blobs that no entry or version uses
    std::int64_t orphans = 0;   // files in the blobs' folder that have no row
    std::int64_t audit = 0;     // records older than accounts.audit_keep
};

class GarbageCollector {
public:
    // A file without a row may still get one. So it stays for longer than any transaction takes, even if
    // files.blob_grace is shorter.
    static constexpr config::Duration kLeastGrace = std::chrono::minutes(10);

    // node_id: the id of this process. grace: the minimum age of what a pass removes; only tests pass it. binding: the
    // binding of this process, which outlives this object; if it is nullptr, this object makes one.
    GarbageCollector(const Services& services, const base::Ulid& node_id,
                     std::optional<config::Duration> grace = std::nullopt, FolderBinding* binding = nullptr);

    // Runs one pass. Returns std::nullopt if this node can't get the lease or if the folder is not the catalog's.
    // Removes at most kMaxOfAKind of each kind. Looks for orphans in only one of the 256 parts of the blobs, a
    // different one in each pass.
    std::optional<Collected> pass();
    static constexpr int kMaxOfAKind = 10'000;

    // Called between two passes when the disk is short of space. Removes the bytes of erased files after kErasedGrace
    // instead of the usual grace. Does nothing on a node that does not hold the lease.
    void end_erased();

    // Releases the lease, so that another node can collect at once. Does nothing if this node does not hold it.
    void leave() { lease_.release(); }

    // Called when the node drains. Makes a running pass end soon, prevents further passes, and releases the lease.
    void rest() { lease_.suspend(); }
    void resume() noexcept { lease_.allow(); }

    // Removes orphans in a part of the blobs (0 to 255). Returns the number of removed files.
    std::int64_t sweep_orphans(int part);

private:
    void remove_uploads(Collected& collected);
    std::int64_t remove_file(const base::Ulid& id);
    void remove_incoming(Collected& collected);
    void remove_trash(Collected& collected);
    void remove_blobs(Collected& collected, base::Milliseconds grace);
    void trim_audit(Collected& collected);
    int next_part() const;
    std::vector<store::Span> kept_times() const;

    const Services& services_;
    const base::Milliseconds grace_;
    HeldLease lease_;
    FolderBinding own_binding_;
    FolderBinding& binding_;
};

}  // namespace bodega::app
