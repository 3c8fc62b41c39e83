// What the nodes of a fleet share, as numbers: who holds which lease, uploads under way, space used.
// One object works on one connection, on its thread.
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
    base::Ulid owner;  // a node, by the id of its row, where the lease is a node's
    std::int64_t fence = 0;
    base::Milliseconds expires_at = 0;
};

struct UploadFigures {
    std::int64_t open = 0;    // begun, not ended, not expired
    std::int64_t active = 0;  // of these, written to just now
    std::int64_t received = 0;
    std::int64_t length = 0;  // bytes of the open ones
};

class Fleet {
public:
    explicit Fleet(db::Connection& connection) : connection_(connection) {}

    std::vector<HeldLease> leases();  // by name; those that have not ended
    UploadFigures uploads();          // a look at each upload that has not been swept
    std::int64_t used_bytes();        // of all spaces together: a look at each, so not for every request

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
