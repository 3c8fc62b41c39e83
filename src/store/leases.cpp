#include "store/leases.h"

namespace bodega::store {
namespace {

// MySQL assigns from left to right, so the fence comes while `owner` is still the former one.
constexpr db::Sql kTake{"leases.take",
                        "UPDATE leases SET fence = CASE WHEN owner = ? THEN fence ELSE fence + 1 END, owner = ?, "
                        "expires_at = {now} + ? WHERE name = ? AND (owner = ? OR expires_at <= {now})"};
constexpr db::Sql kMake{"leases.make",
                        "{insert_ignore} INTO leases (name, owner, fence, expires_at) VALUES (?, ?, 1, {now} + ?)"};
constexpr db::Sql kFence{"leases.fence", "SELECT fence FROM leases WHERE name = ? AND owner = ?"};
constexpr db::Sql kRelease{"leases.release", "UPDATE leases SET expires_at = 0 WHERE name = ? AND owner = ?"};

}  // namespace

std::optional<std::int64_t> Leases::take(std::string_view name, const base::Ulid& owner, base::Milliseconds duration) {
    bool ours = connection_.execute(kTake, {owner, owner, duration, name, owner}).rows > 0;
    if (!ours && connection_.execute(kMake, {name, owner, duration}).rows == 0) return std::nullopt;
    auto& row = connection_.query(kFence, {name, owner});
    if (!row.next()) return std::nullopt;
    std::int64_t fence = row.int64(0);
    row.reset();
    return fence;
}

void Leases::release(std::string_view name, const base::Ulid& owner) { connection_.execute(kRelease, {name, owner}); }

}  // namespace bodega::store
