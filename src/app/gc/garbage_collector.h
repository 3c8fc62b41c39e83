// Removes what is not needed any more: abandoned uploads, entries whose time in the trash is over, files that a crash
// left without a row, blobs without an entry, old records of the audit log. Rows are removed before their files; a file
// without its row is found by a later pass.
//
// A pass begins with replacing the folder's generation (app/fleet/folder_binding.h). If that fails, nothing is removed:
// this catalog may be a copy, or the folder another catalog's.
//
// Blobs stay while a backup reads them (app/gc/gc_pin.h). One node of the fleet collects at a time, under the lease
// "sweeper", and checks before each removal that it still holds the lease. Ages are measured on the database's clock
// and on the file system's, never on a node's.
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
    std::int64_t blobs = 0;     // blobs that no entry or version has
    std::int64_t orphans = 0;   // files among the blobs without a row
    std::int64_t audit = 0;     // records older than accounts.audit_keep
};

class GarbageCollector {
public:
    // A file without a row may get one soon. So it stays for longer than any transaction takes, whatever
    // files.blob_grace says.
    static constexpr config::Duration kLeastGrace = std::chrono::minutes(10);

    // node_id: this process's. grace: the least age of what a pass removes; only tests pass it. binding: this
    // process's, which outlives it; nullptr: it makes its own.
    GarbageCollector(const Services& services, const base::Ulid& node_id,
                     std::optional<config::Duration> grace = std::nullopt, FolderBinding* binding = nullptr);

    // Runs one pass, if this node holds or gets the lease and the folder is the catalog's; else returns std::nullopt.
    // Bounded: it removes at most kMostOfAKind of each kind, and looks for orphans in one of the 256 top folders,
    // another one in each pass.
    std::optional<Collected> pass();
    static constexpr int kMostOfAKind = 10'000;

    // For a disk that is short of room, between two passes: removes the bytes of erased files after kErasedGrace
    // instead of the usual grace. Does nothing on a node that does not hold the lease.
    void end_erased();

    // Releases the lease, so that another node can collect at once. Harmless if this node does not hold it.
    void leave() { lease_.release(); }

    // For a node that drains: ends a running pass soon, begins no other, and releases the lease.
    void rest() { lease_.suspend(); }
    void resume() noexcept { lease_.allow(); }

    // The part of a pass that removes orphans, in the top folder `top` (0 to 255). Returns their number.
    std::int64_t sweep_orphans(int top);

private:
    void remove_uploads(Collected& collected);
    std::int64_t remove_file(const base::Ulid& id);
    void remove_incoming(Collected& collected);
    void remove_trash(Collected& collected);
    void remove_blobs(Collected& collected, base::Milliseconds grace);
    void trim_audit(Collected& collected);
    int next_top() const;
    std::vector<store::Span> kept_times() const;

    const Services& services_;
    const base::Milliseconds grace_;
    HeldLease lease_;
    FolderBinding own_binding_;
    FolderBinding& binding_;
};

}  // namespace bodega::app
