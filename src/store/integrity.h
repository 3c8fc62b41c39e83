// What in the catalog does not fit together, for fsck. Reads alone; each look is one statement, so that what
// it finds was so at one moment, whatever is written meanwhile.
//
// One object works on one connection, on its thread.
#pragma once

#include <cstdint>
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

class Integrity {
public:
    explicit Integrity(db::Connection& connection) : connection_(connection) {}

    std::vector<Dangling> dangling(int limit);
    std::vector<Drift> drifts();

    // Charges a space for what its files hold, counted under its lock. Requires: a transaction.
    void settle(const base::Ulid& space_id);

    // How much there is to look at.
    struct Extent {
        std::int64_t blobs = 0;
        std::int64_t bytes = 0;
    };
    Extent extent();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
