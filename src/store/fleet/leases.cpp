#include "store/fleet/leases.h"

namespace bodega::store {
namespace {

// The row of an ended lease stays, because the next fencing token is its token plus 1.
constexpr db::Sql kMake{"leases.make",
                        "{insert_ignore} INTO leases (name, owner, fence, expires_at) VALUES (?, ?, 0, 0)"};
constexpr db::Sql kRead{"leases.read",
                        "SELECT owner, fence, expires_at > {now} FROM leases WHERE name = ?{for_update}"};
constexpr db::Sql kTake{"leases.take", "UPDATE leases SET owner = ?, fence = ?, expires_at = {now} + ? WHERE name = ?"};
constexpr db::Sql kRenew{"leases.renew",
                         "UPDATE leases SET expires_at = {now} + ? "
                         "WHERE name = ? AND owner = ? AND fence = ? AND expires_at > {now}"};
constexpr db::Sql kHeld{"leases.held", "SELECT 1 FROM leases WHERE name = ? AND expires_at > {now}"};
constexpr db::Sql kRelease{"leases.release",
                           "UPDATE leases SET expires_at = 0 WHERE name = ? AND owner = ? AND fence = ?"};

}  // namespace

std::optional<std::int64_t> Leases::acquire(std::string_view name, const base::Ulid& owner,
                                            base::Milliseconds lifetime) {
    connection_.execute(kMake, {name, owner});
    auto& row = connection_.query(kRead, {name});
    if (!row.next()) return std::nullopt;
    const bool mine = row.ulid(0) == owner;
    const bool live = row.int64(2) != 0;
    std::int64_t fence = row.int64(1);
    row.reset();
    if (live && !mine) return std::nullopt;
    if (!live) ++fence;
    connection_.execute(kTake, {owner, fence, lifetime, name});
    return fence;
}

bool Leases::renew(std::string_view name, const base::Ulid& owner, std::int64_t fence, base::Milliseconds lifetime) {
    return connection_.execute(kRenew, {lifetime, name, owner, fence}).rows > 0;
}

bool Leases::is_held(std::string_view name) {
    auto& row = connection_.query(kHeld, {name});
    const bool held = row.next();
    row.reset();
    return held;
}

void Leases::release(std::string_view name, const base::Ulid& owner, std::int64_t fence) {
    connection_.execute(kRelease, {name, owner, fence});
}

}  // namespace bodega::store
