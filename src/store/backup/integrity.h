// What in the catalog does not fit together, for fsck. Reads alone; each look is one statement, so that what
// it finds was so at one moment, whatever is written meanwhile.
//
// One object works on one connection, on its thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"

namespace bodega::store {

// A file, current or former, whose blob has no row.
struct Dangling {
    base::Ulid entry_id;
    std::string name;
    std::int64_t version = 0;
};

// A space that is charged for other than what its files hold.
struct Drift {
    base::Ulid space_id;
    std::string name;
    std::int64_t charged = 0;
    std::int64_t actual = 0;
};

// A folder that no way leads to from a space's own folder, nor from the top of what is trashed.
struct Unreachable {
    base::Ulid entry_id;
    std::string name;
    int ring = 0;  // folders that are each in the next one, this one among them; 0: what it is in is gone, or a file
};

class Integrity {
public:
    explicit Integrity(db::Connection& connection) : connection_(connection) {}

    std::vector<Dangling> dangling(int limit);
    std::vector<Drift> drifts();

    // Entries whose parent is no row, or a file, at most `limit`.
    std::vector<Unreachable> orphans(int limit);
    // Of the next `limit` folders after `after`, which becomes the last of them: those that are in a ring, one of each
    // that begins there. True: there may be more folders.
    bool rings(base::Ulid& after, int limit, std::vector<Unreachable>& found);

    // Charges a space for what its files hold, counted under its lock. Requires: a transaction.
    void settle(const base::Ulid& space_id);

    // How much there is to look at.
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
