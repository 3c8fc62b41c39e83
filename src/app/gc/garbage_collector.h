// Ends what nobody needs any more: abandoned uploads, what was in the trash for its time, files that a crash left
// without a row, blobs whose last entry is gone, old lines of the audit log. Rows go first, files after them; a file
// without its row is found by a later pass.
//
// A round begins with replacing the folder's generation (app/fleet/folder_binding.h). Without it nothing is ended: this
// catalog may be a copy, or the folder another's.
//
// Blobs stay while a backup reads them (app/gc/gc_pin.h). One node of the fleet sweeps at a time, under the lease
// "sweeper", and looks whether it still has it before each thing that it ends. Ages are measured on the database's
// clock and on the file system's, never on a node's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/fleet/folder_binding.h"
#include "app/fleet/held_lease.h"
#include "app/services.h"
#include "base/ulid.h"

namespace bodega::app {

struct Swept {
    std::int64_t uploads = 0;   // abandoned ones
    std::int64_t incoming = 0;  // their files, and those without a row
    std::int64_t trash = 0;     // entries whose time in the trash is over
    std::int64_t blobs = 0;     // released ones
    std::int64_t orphans = 0;   // files without a row among the blobs
    std::int64_t audit = 0;     // lines older than accounts.audit_keep
};

class Sweeper {
public:
    // A file without its row may be on its way to it. So it stays for a time that no transaction takes,
    // whatever files.blob_grace says.
    static constexpr config::Duration kLeastGrace = std::chrono::minutes(10);

    // node_id: of this process. grace: at least so old is what a pass takes; tests alone give it. binding: this
    // process's, which outlives it; nullptr: one of its own.
    Sweeper(const Services& services, const base::Ulid& node_id, std::optional<config::Duration> grace = std::nullopt,
            FolderBinding* binding = nullptr);

    // One pass, if this node has the lease or gets it and the folder is the catalog's; else std::nullopt. Bounded: it
    // takes at most kMostOfAKind of each, and looks for orphans in one of the 256 top folders, another each pass.
    std::optional<Swept> pass();
    static constexpr int kMostOfAKind = 10'000;

    // For a disk that is short of room, between two passes: ends the bytes of what was erased, whose grace is over at
    // once then. Does nothing on a node that has not the lease.
    void end_erased();

    // Gives the lease back, so that another node may sweep at once. Harmless if this node does not have it.
    void leave() { lease_.let_go(); }

    // For a node that drains: a pass under way ends soon, there is no other, and the lease is given back.
    void rest() { lease_.bar(); }
    void resume() noexcept { lease_.allow(); }

    // The part of a pass that looks for orphans, in the top folder 0..255.
    std::int64_t sweep_orphans(int top);

private:
    void end_uploads(Swept& swept);
    std::int64_t end_file(const base::Ulid& id);
    void end_incoming(Swept& swept);
    void end_trash(Swept& swept);
    void end_blobs(Swept& swept, base::Milliseconds grace);
    void trim_audit(Swept& swept);
    int next_top() const;
    std::vector<store::Span> kept_times() const;

    const Services& services_;
    const base::Milliseconds grace_;
    HeldLease lease_;
    FolderBinding own_binding_;
    FolderBinding& binding_;
};

}  // namespace bodega::app
