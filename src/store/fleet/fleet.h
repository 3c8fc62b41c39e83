// Totals of the fleet: lease holders, open uploads, used bytes. One object works on one connection, on its thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct HeldLease {
    std::string name;
    base::Ulid owner;  // a node's row id, if a node holds the lease
    std::int64_t fence = 0;
    base::Milliseconds expires_at = 0;
};

struct UploadFigures {
    std::int64_t open = 0;    // created, not ended, not expired
    std::int64_t active = 0;  // open ones that were written to recently
    std::int64_t received = 0;
    std::int64_t length = 0;  // bytes of the open ones
};

class Fleet {
public:
    explicit Fleet(db::Connection& connection) : connection_(connection) {}

    std::vector<HeldLease> leases();  // by name, without expired ones
    UploadFigures uploads();          // reads every upload's row
    std::int64_t used_bytes();        // of all spaces; reads every space's row, so do not call it for each request

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
