// Leases make singletons of a fleet's work: one holder a name, on the database's clock, with a fencing token.
//
// A holder that was stopped for longer than its lease may still believe in it: what it writes elsewhere carries the
// token, and a smaller token than one seen before is refused there. One object works on one connection, on its thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// While it is held no blob is removed: see app/gc/gc_pin.h.
inline constexpr std::string_view kBackupLease = "backup";

class Leases {
public:
    explicit Leases(db::Connection& connection) : connection_(connection) {}

    // The fencing token, greater than all before of this name; the same again, with a later end, for who holds it.
    // std::nullopt: somebody else holds it. Requires: a transaction.
    std::optional<std::int64_t> acquire(std::string_view name, const base::Ulid& owner, base::Milliseconds lifetime);

    // Moves the end to `lifetime` from now. False: it ended, or somebody else has it; stop the work.
    bool renew(std::string_view name, const base::Ulid& owner, std::int64_t fence, base::Milliseconds lifetime);

    // Lets the next one have it at once; harmless if it is held no more.
    void release(std::string_view name, const base::Ulid& owner, std::int64_t fence);

    // Whether anybody holds it now.
    bool is_held(std::string_view name);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
