// Totals of the fleet: lease holders, open uploads, used bytes. Each object uses one connection, on that connection's
// thread.
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
    std::int64_t open = 0;    // uploads that were created, and have neither ended nor expired
    std::int64_t active = 0;  // number of open uploads that got bytes recently
    std::int64_t received = 0;
    std::int64_t length = 0;  // total length of the open uploads
};

class Fleet {
public:
    explicit Fleet(db::Connection& connection) : connection_(connection) {}

    std::vector<HeldLease> leases();  // sorted by name; no expired leases
    UploadFigures uploads();          // reads every upload's row
    // The bytes of all spaces. Reads every space's row, so do not call it for each request.
    std::int64_t used_bytes();

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
