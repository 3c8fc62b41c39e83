#include "store/tree/space_quota.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "store/sql_text.h"
#include "store/tree/space_lock.h"
#include "store/tree/versions.h"

namespace bodega::store {
namespace {

constexpr db::Sql kQuotaLeft{
    "spaces.quota_left",
    "SELECT CASE WHEN quota_bytes IS NULL THEN NULL ELSE quota_bytes - used_bytes - "
    "(SELECT CAST(COALESCE(SUM({greatest}(u.length, u.received)), 0) AS SIGNED) FROM uploads u "
    "WHERE u.space_id = spaces.id AND "
    "u.entry_id IS NULL AND u.expires_at > {now} AND u.id <> ?) END FROM spaces WHERE id = ?"};

constexpr std::string_view kOldVersions =
    "FROM entries e JOIN versions v ON v.entry_id = e.id WHERE e.space_id = ? AND v.created_at < {now} - ? ";
constexpr std::string_view kSumOf = "SELECT CAST(COALESCE(SUM(v.size), 0) AS SIGNED) ";
constexpr std::string_view kNumberOf = "SELECT v.entry_id, v.version, v.size ";
constexpr std::string_view kOldestFirst = "ORDER BY v.created_at, v.entry_id, v.version LIMIT ?";
constexpr db::Sql kEvictable{"spaces.evictable", kJoined<kSumOf, kOldVersions>};
constexpr db::Sql kOldest{"spaces.oldest_versions", kJoined<kNumberOf, kOldVersions, kOldestFirst>};

constexpr int kBatch = 500;

struct Old {
    base::Ulid entry_id;
    std::int64_t number = 0;
};

// Returns the oldest versions, as many as it takes for their sizes to add up to `bytes`, but at most kBatch.
std::vector<Old> oldest(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age,
                        std::int64_t bytes) {
    std::vector<Old> out;
    auto& row = connection.query(kOldest, {space_id, age, kBatch});
    while (row.next()) {
        if (bytes > 0) out.push_back({row.ulid(0), row.int64(1)});
        bytes -= row.int64(2);
    }
    return out;
}

}  // namespace

void throw_quota_exceeded() {
    throw base::Error(base::Code::quota_exceeded,
                      "This space has no room for that. Delete something for good, or ask for a larger quota.");
}

std::optional<std::int64_t> space_quota_left(db::Connection& connection, const base::Ulid& space_id,
                                             const base::Ulid& own_upload) {
    auto& row = connection.query(kQuotaLeft, {own_upload, space_id});
    if (!row.next()) return std::nullopt;
    std::optional<std::int64_t> quota = row.optional_int64(0);
    row.reset();
    if (quota) quota = std::max<std::int64_t>(0, *quota);
    return quota;
}

std::int64_t evictable_bytes(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age) {
    auto& row = connection.query(kEvictable, {space_id, age});
    const std::int64_t bytes = row.next() ? row.int64(0) : 0;
    row.reset();
    return bytes;
}

std::int64_t evict_versions(db::Connection& connection, const base::Ulid& space_id, base::Milliseconds age,
                            std::int64_t bytes) {
    std::int64_t freed = 0;
    Versions versions(connection);
    while (freed < bytes) {
        const std::vector<Old> batch = oldest(connection, space_id, age, bytes - freed);
        if (batch.empty()) break;
        for (const Old& old : batch) freed += versions.remove(old.entry_id, old.number);
    }
    charge_space(connection, space_id, -freed);
    return freed;
}

}  // namespace bodega::store
