// Finds inconsistencies of the catalog, for fsck. Only reads, except settle(). Each check is one statement, so its
// findings are from one moment, whatever is written meanwhile.
//
// Each object uses one connection, on that connection's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"

namespace bodega::store {

// A file whose current content, or one of whose versions, names a blob that is not in the table of blobs.
struct Dangling {
    base::Ulid entry_id;
    std::string name;
    std::int64_t version = 0;
};

// A space whose used_bytes differ from the sum of its files' sizes.
struct Drift {
    base::Ulid space_id;
    std::string name;
    std::int64_t charged = 0;
    std::int64_t actual = 0;
};

// A folder that is not reachable from a space's root or from the top of a trashed subtree.
struct Unreachable {
    base::Ulid entry_id;
    std::string name;
    // Number of folders in the ring that includes this folder. 0: the parent is missing, or is a file.
    int ring = 0;
};

class Integrity {
public:
    explicit Integrity(db::Connection& connection) : connection_(connection) {}

    std::vector<Dangling> dangling(int limit);
    std::vector<Drift> drifts();

    // Returns entries whose parent has no row or is a file, at most `limit`.
    std::vector<Unreachable> orphans(int limit);
    // Finds rings of folders: each folder is the parent of the next, and the last is the parent of the first. Adds one
    // folder of each ring to `found`. Checks only the next `limit` folders after `after`, and sets `after` to the last
    // of them. Returns true if there may be more folders.
    bool rings(base::Ulid& after, int limit, std::vector<Unreachable>& found);

    // Sets a space's used_bytes to the sum of its files' sizes, read under the space's lock. Requires: a transaction.
    void settle(const base::Ulid& space_id);

    // How much data a check has to read.
    struct Extent {
        std::int64_t blobs = 0;
        std::int64_t bytes = 0;
    };
    Extent extent();

private:
    std::optional<Unreachable> ring_of(const base::Ulid& folder_id);

    db::Connection& connection_;
};

}  // namespace bodega::store
