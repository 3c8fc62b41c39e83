#include "store/uploads/uploads.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "store/sql_text.h"
#include "store/tree/entry_row.h"

namespace bodega::store {
namespace {

struct Name {
    OnConflict what;
    std::string_view text;
};
constexpr std::array<Name, 3> kNames{
    {{OnConflict::replace, "replace"}, {OnConflict::fail, "fail"}, {OnConflict::rename, "rename"}}};

constexpr std::string_view kSelect =
    "SELECT id, user_id, space_id, parent_id, name, length, received, sha256, on_conflict, metadata, digest_state, "
    "entry_id, holder, fence, lease_until, created_at, expires_at, COALESCE(file_id, id), moves_to, "
    "CASE WHEN synced_file = moves_to THEN synced ELSE 0 END, "
    "CASE WHEN holder IS NOT NULL AND lease_until > {now} THEN 1 ELSE 0 END, CASE WHEN wanted = holder THEN 1 ELSE 0 "
    "END, "
    "EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id AND u.disabled = 0 WHERE m.space_id = "
    "COALESCE((SELECT e.space_id FROM entries e WHERE e.id = uploads.parent_id), uploads.space_id) AND m.user_id = "
    "uploads.user_id AND m.role IN ('editor', 'manager')), modified_at, "
    "CASE WHEN whole_fence = fence AND moves_to IS NULL THEN whole_sha256 END FROM uploads ";
constexpr std::string_view kById = "WHERE id = ?";
constexpr std::string_view kOfUser =
    "WHERE user_id = ? AND entry_id IS NULL AND expires_at > {now} ORDER BY id DESC LIMIT ?";

constexpr db::Sql kInsert{"uploads.insert",
                          "INSERT INTO uploads (id, user_id, space_id, parent_id, name, length, received, sha256, "
                          "on_conflict, metadata, digest_state, modified_at, created_at, expires_at) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {now}, {now} + ?)"};
constexpr db::Sql kFind{"uploads.find", kJoined<kSelect, kById>};
constexpr db::Sql kUnderWay{"uploads.under_way", kJoined<kSelect, kOfUser>};
constexpr db::Sql kAnnounced{
    "uploads.announced",
    "SELECT COUNT(*), CAST(COALESCE(SUM({greatest}(length, received)), 0) AS SIGNED) FROM uploads "
    "WHERE user_id = ? AND entry_id IS NULL AND expires_at > {now}"};
constexpr db::Sql kLockUser{"uploads.lock_user", "SELECT id FROM users WHERE id = ?{for_update}"};
// whole_fence and moves_to are assigned before `holder`, because their expressions read its old value. The old value is
// not NULL if the last holder never released the upload.
constexpr db::Sql kTake{
    "uploads.take",
    "UPDATE uploads SET whole_fence = CASE WHEN whole_fence = fence AND holder IS NULL AND moves_to "
    "IS NULL THEN fence + 1 END, moves_to = CASE WHEN holder IS NULL THEN moves_to ELSE ? END, holder = ?, "
    "wanted = NULL, fence = fence + 1, lease_until = {now} + ? "
    "WHERE id = ? AND lease_until <= {now} AND expires_at > {now} AND entry_id IS NULL"};
constexpr db::Sql kWant{"uploads.want",
                        "UPDATE uploads SET wanted = holder WHERE id = ? AND holder IS NOT NULL "
                        "AND (wanted IS NULL OR wanted <> holder)"};
// Also finds requests to a holder that died: a request stays until the next holder takes the upload.
constexpr db::Sql kWanted{"uploads.wanted",
                          "SELECT wanted FROM uploads WHERE wanted IS NOT NULL AND wanted = holder LIMIT ?"};
constexpr db::Sql kAcknowledge{"uploads.acknowledge",
                               "UPDATE uploads SET received = ?, digest_state = ?, lease_until = {now} + ?, "
                               "expires_at = {now} + ? WHERE id = ? AND holder = ? AND entry_id IS NULL"};
constexpr db::Sql kDeclare{"uploads.declare",
                           "UPDATE uploads SET length = ? WHERE id = ? AND holder = ? AND length < 0 "
                           "AND entry_id IS NULL"};
constexpr db::Sql kRenew{"uploads.renew",
                         "UPDATE uploads SET lease_until = {now} + ? WHERE id = ? AND holder = ? AND entry_id IS NULL"};
constexpr db::Sql kRelease{"uploads.release",
                           "UPDATE uploads SET holder = NULL, lease_until = 0 WHERE id = ? AND holder = ? "
                           "AND entry_id IS NULL"};
constexpr db::Sql kAbandon{
    "uploads.forsake",
    "UPDATE uploads SET holder = NULL, lease_until = 0, moves_to = ? WHERE id = ? AND holder = ? "
    "AND entry_id IS NULL"};
constexpr db::Sql kCopied{"uploads.copied",
                          "UPDATE uploads SET synced_file = moves_to, synced = ? WHERE id = ? AND holder = ? "
                          "AND moves_to IS NOT NULL AND entry_id IS NULL"};
constexpr db::Sql kMoved{"uploads.moved",
                         "UPDATE uploads SET file_id = moves_to, moves_to = NULL WHERE id = ? AND holder = ? "
                         "AND moves_to IS NOT NULL AND entry_id IS NULL"};
constexpr db::Sql kHasFile{"uploads.has_file",
                           "SELECT 1 FROM uploads WHERE (id = ? AND file_id IS NULL) OR file_id = ? OR moves_to = ?"};
constexpr db::Sql kKeepWhole{"uploads.keep_whole",
                             "UPDATE uploads SET whole_sha256 = ?, whole_fence = fence, expires_at = {now} + ? "
                             "WHERE id = ? AND holder = ? AND entry_id IS NULL"};
constexpr db::Sql kComplete{"uploads.complete",
                            "UPDATE uploads SET received = length, digest_state = NULL, entry_id = ?, holder = NULL, "
                            "lease_until = 0, expires_at = {now} + ? WHERE id = ? AND holder = ? AND entry_id IS NULL"};
constexpr db::Sql kRemove{"uploads.remove", "DELETE FROM uploads WHERE id = ?"};
constexpr db::Sql kRemoveHeld{"uploads.remove_held",
                              "DELETE FROM uploads WHERE id = ? AND holder = ? AND entry_id IS NULL"};
constexpr db::Sql kAbandoned{
    "uploads.abandoned",
    "SELECT id, COALESCE(file_id, id), moves_to FROM uploads WHERE expires_at <= {now} AND lease_until <= {now} "
    "ORDER BY expires_at LIMIT ?"};
constexpr db::Sql kRemoveAbandoned{"uploads.remove_abandoned",
                                   "DELETE FROM uploads WHERE id = ? AND expires_at <= {now} AND lease_until <= {now}"};

Upload read_upload(const db::Statement& row) {
    Upload out;
    out.id = row.ulid(0);
    out.user_id = row.ulid(1);
    out.space_id = row.ulid(2);
    out.parent_id = row.ulid(3);
    out.name = row.text(4);
    out.length = row.int64(5);
    out.received = row.int64(6);
    out.sha256 = read_sha256(row, 7);
    auto what = parse_on_conflict(row.text(8));
    if (!what) throw base::Error(base::Code::internal, "the row of an upload has an unknown on_conflict");
    out.on_conflict = *what;
    out.metadata = row.text(9);
    std::string_view state = row.text(10);
    out.digest_state.assign(state.begin(), state.end());
    out.entry_id = row.optional_ulid(11);
    out.holder = row.optional_ulid(12);
    out.fence = row.int64(13);
    out.lease_until = row.int64(14);
    out.created_at = row.int64(15);
    out.expires_at = row.int64(16);
    out.file_id = row.ulid(17);
    out.moves_to = row.optional_ulid(18);
    out.synced = row.int64(19);
    out.is_held = row.int64(20) != 0;
    out.is_wanted = row.int64(21) != 0;
    out.may_write = row.int64(22) != 0;
    out.modified_at = row.optional_int64(23);
    out.whole = read_sha256(row, 24);
    return out;
}

}  // namespace

std::string_view on_conflict_name(OnConflict what) noexcept {
    return std::find_if(kNames.begin(), kNames.end(), [what](const Name& n) { return n.what == what; })->text;
}

std::optional<OnConflict> parse_on_conflict(std::string_view name) noexcept {
    auto found = std::find_if(kNames.begin(), kNames.end(), [name](const Name& n) { return n.text == name; });
    return found == kNames.end() ? std::nullopt : std::optional(found->what);
}

db::Outcome Uploads::insert(const Upload& u, base::Milliseconds lifetime) {
    std::optional<db::Blob> sha256;
    if (u.sha256) sha256 = db::Blob{*u.sha256};
    return connection_
        .execute(kInsert, {u.id, u.user_id, u.space_id, u.parent_id, u.name, u.length, u.received, sha256,
                           on_conflict_name(u.on_conflict), u.metadata, u.digest_state, u.modified_at, lifetime})
        .outcome;
}

std::optional<Upload> Uploads::find(const base::Ulid& id) {
    auto& row = connection_.query(kFind, {id});
    if (!row.next()) return std::nullopt;
    Upload out = read_upload(row);
    row.reset();
    return out;
}

std::vector<Upload> Uploads::under_way(const base::Ulid& user_id, int limit) {
    std::vector<Upload> out;
    auto& row = connection_.query(kUnderWay, {user_id, limit});
    while (row.next()) out.push_back(read_upload(row));
    return out;
}

Uploads::Announced Uploads::announced(const base::Ulid& user_id) {
    auto& row = connection_.query(kAnnounced, {user_id});
    Announced out;
    if (row.next()) out = {row.int64(0), row.int64(1)};
    row.reset();
    return out;
}

void Uploads::lock_user(const base::Ulid& user_id) {
    auto& row = connection_.query(kLockUser, {user_id});
    row.next();
    row.reset();
}

bool Uploads::take(const base::Ulid& id, const base::Ulid& holder, base::Milliseconds lease) {
    return connection_.execute(kTake, {base::Ulid::make(), holder, lease, id}).rows > 0;
}

void Uploads::want(const base::Ulid& id) { connection_.execute(kWant, {id}); }

std::vector<base::Ulid> Uploads::wanted(int limit) {
    std::vector<base::Ulid> out;
    auto& row = connection_.query(kWanted, {limit});
    while (row.next()) out.push_back(row.ulid(0));
    return out;
}

bool Uploads::acknowledge(const Held& held, std::int64_t received, const base::Bytes& digest_state,
                          base::Milliseconds lease, base::Milliseconds lifetime) {
    return connection_.execute(kAcknowledge, {received, digest_state, lease, lifetime, held.id, held.holder}).rows > 0;
}

bool Uploads::declare(const Held& held, std::int64_t length) {
    return connection_.execute(kDeclare, {length, held.id, held.holder}).rows > 0;
}

bool Uploads::renew(const Held& held, base::Milliseconds lease) {
    return connection_.execute(kRenew, {lease, held.id, held.holder}).rows > 0;
}

bool Uploads::release(const Held& held) { return connection_.execute(kRelease, {held.id, held.holder}).rows > 0; }

bool Uploads::abandon(const Held& held) {
    return connection_.execute(kAbandon, {base::Ulid::make(), held.id, held.holder}).rows > 0;
}

bool Uploads::copied(const Held& held, std::int64_t synced) {
    return connection_.execute(kCopied, {synced, held.id, held.holder}).rows > 0;
}

bool Uploads::moved(const Held& held) { return connection_.execute(kMoved, {held.id, held.holder}).rows > 0; }

bool Uploads::has_file(const base::Ulid& file_id) {
    auto& row = connection_.query(kHasFile, {file_id, file_id, file_id});
    bool found = row.next();
    row.reset();
    return found;
}

bool Uploads::keep_whole(const Held& held, const Sha256& sha256, base::Milliseconds lifetime) {
    return connection_.execute(kKeepWhole, {db::Blob{sha256}, lifetime, held.id, held.holder}).rows > 0;
}

bool Uploads::complete(const Held& held, const base::Ulid& entry_id, base::Milliseconds memory) {
    return connection_.execute(kComplete, {entry_id, memory, held.id, held.holder}).rows > 0;
}

bool Uploads::remove(const base::Ulid& id) { return connection_.execute(kRemove, {id}).rows > 0; }

bool Uploads::remove_held(const Held& held) {
    return connection_.execute(kRemoveHeld, {held.id, held.holder}).rows > 0;
}

std::vector<Uploads::Abandoned> Uploads::abandoned(int limit) {
    std::vector<Abandoned> out;
    auto& row = connection_.query(kAbandoned, {limit});
    while (row.next()) out.push_back({row.ulid(0), row.ulid(1), row.optional_ulid(2)});
    return out;
}

bool Uploads::remove_abandoned(const base::Ulid& id) { return connection_.execute(kRemoveAbandoned, {id}).rows > 0; }

}  // namespace bodega::store
