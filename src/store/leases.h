// Leases: what one node of the fleet does for all (sweeping, renewing certificates), for a time on the
// database's clock.
//
// One object works on one connection, on its thread. Durations are milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

class Leases {
public:
    explicit Leases(db::Connection& connection) : connection_(connection) {}

    // Takes the lease for `duration`, or keeps it for so long if `owner` has it. Its fence, which grows with
    // every new owner; std::nullopt: another has it. Requires: a transaction.
    std::optional<std::int64_t> take(std::string_view name, const base::Ulid& owner, base::Milliseconds duration);

    // Gives it back early, if `owner` has it.
    void release(std::string_view name, const base::Ulid& owner);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
