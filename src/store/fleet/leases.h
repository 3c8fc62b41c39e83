// Leases make one node at a time responsible for a task of the fleet: one holder per name, on the database's clock,
// with a fencing token.
//
// A holder that was suspended for longer than its lease may still believe that it holds it. So what it writes elsewhere
// carries the token, and a token smaller than one seen before is refused there. One object works on one connection, on
// its thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

// While this lease is held, no blob is removed: see app/gc/gc_pin.h.
inline constexpr std::string_view kBackupLease = "backup";

class Leases {
public:
    explicit Leases(db::Connection& connection) : connection_(connection) {}

    // Returns the fencing token, which is greater than all earlier ones of this name. The current holder gets its token
    // again, with a later end. std::nullopt: another owner holds the lease. Requires: a transaction.
    std::optional<std::int64_t> acquire(std::string_view name, const base::Ulid& owner, base::Milliseconds lifetime);

    // Moves the end to `lifetime` from now. False: the lease has ended or another owner has it; stop the work.
    bool renew(std::string_view name, const base::Ulid& owner, std::int64_t fence, base::Milliseconds lifetime);

    // Makes the lease available at once. No effect if it is no longer held.
    void release(std::string_view name, const base::Ulid& owner, std::int64_t fence);

    // Whether any owner holds the lease now.
    bool is_held(std::string_view name);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
