// Leases make one node at a time responsible for a task of the fleet. A lease has a name, one holder, an end on the
// database's clock, and a fencing token.
//
// A holder that was suspended for longer than its lease may still believe that it has the lease. So everything that it
// writes elsewhere carries the token, and the receiver rejects a token that is smaller than one that it has seen. Each
// object uses one connection, on that connection's thread.
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

    // Returns the fencing token, which is greater than all earlier tokens of this name. If `owner` already holds the
    // lease, returns the same token and extends the lease. Returns std::nullopt if another owner holds it. Requires: a
    // transaction.
    std::optional<std::int64_t> acquire(std::string_view name, const base::Ulid& owner, base::Milliseconds lifetime);

    // Extends the lease to `lifetime` from now. Returns false if the lease has ended or another owner has it. The
    // caller must then stop the work.
    bool renew(std::string_view name, const base::Ulid& owner, std::int64_t fence, base::Milliseconds lifetime);

    // Makes the lease available at once. Does nothing if `owner` no longer holds it.
    void release(std::string_view name, const base::Ulid& owner, std::int64_t fence);

    // Whether any owner holds the lease now.
    bool is_held(std::string_view name);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
