#include "store/audit.h"

#include <algorithm>
#include <string_view>

#include "base/encoding.h"
#include "base/mutex.h"
#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::size_t kMaxTarget = 1024;
constexpr std::size_t kMaxDetail = 16 << 10;

constexpr db::Sql kAppend{"audit.append",
                          "INSERT INTO audit (id, at, user_id, username, action, target, target_id, address, detail) "
                          "VALUES (?, {now}, ?, ?, ?, ?, ?, ?, ?)"};

// The statements that list audit rows, one for each index. If a filter also names columns that are not in the index,
// the engine reads all rows that the index finds and drops those that do not match.
constexpr std::string_view kSelect =
    "SELECT id, at, user_id, username, action, target, target_id, address, detail FROM audit WHERE id < ? AND id >= ? ";
constexpr std::string_view kByTarget =
    "AND target_id = ? AND (? IS NULL OR user_id = ?) AND (? IS NULL OR action = ?) ";
constexpr std::string_view kByUser = "AND user_id = ? AND (? IS NULL OR action = ?) ";
constexpr std::string_view kByAction = "AND action = ? ";
constexpr std::string_view kNewest = "ORDER BY id DESC LIMIT ?";
constexpr db::Sql kAll{"audit.list", kJoined<kSelect, kNewest>};
constexpr db::Sql kOfTarget{"audit.list_of_target", kJoined<kSelect, kByTarget, kNewest>};
constexpr db::Sql kOfUser{"audit.list_of_user", kJoined<kSelect, kByUser, kNewest>};
constexpr db::Sql kOfAction{"audit.list_of_action", kJoined<kSelect, kByAction, kNewest>};

constexpr db::Sql kOldest{"audit.oldest", "SELECT id FROM audit WHERE id < ? ORDER BY id LIMIT ?"};
constexpr db::Sql kTrim{"audit.trim", "DELETE FROM audit WHERE id <= ?"};

constexpr base::Ulid kLast{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};

std::string_view cut(std::string_view text, std::size_t max) {
    if (text.size() <= max) return text;
    text = text.substr(0, max);
    while (!text.empty() && !base::is_utf8(text)) text.remove_suffix(1);
    return text;
}

// Returns an id greater than all earlier ids of this process, even within one millisecond. So rows of one transaction
// keep their order.
base::Ulid next_id() {
    static base::Mutex mutex;
    static base::Ulid last GUARDED_BY(mutex);
    const base::MutexLock lock(mutex);
    base::Ulid id = base::Ulid::make();
    if (id.time() <= last.time()) {
        id = last;
        for (auto byte = id.bytes.rbegin(); byte != id.bytes.rend() && ++*byte == 0;) ++byte;
    }
    return last = id;
}

// Returns the smallest id of the millisecond `when`.
base::Ulid first_of(base::Milliseconds when) {
    base::Ulid id = base::Ulid::make(when);
    std::fill(id.bytes.begin() + 6, id.bytes.end(), std::uint8_t{0});
    return id;
}

db::Statement& select(db::Connection& connection, const AuditFilter& filter) {
    base::Ulid before = filter.before.value_or(kLast);
    if (filter.until) before = std::min(before, first_of(*filter.until));
    const base::Ulid since = filter.since ? first_of(*filter.since) : base::Ulid{};
    const auto& user = filter.user_id;
    const auto& target = filter.target_id;
    const auto& action = filter.action;
    const int limit = filter.limit;
    if (target) return connection.query(kOfTarget, {before, since, target, user, user, action, action, limit});
    if (user) return connection.query(kOfUser, {before, since, user, action, action, limit});
    if (action) return connection.query(kOfAction, {before, since, action, limit});
    return connection.query(kAll, {before, since, limit});
}

}  // namespace

void Audit::append(const AuditRecord& record) {
    std::string_view detail = record.detail.size() <= kMaxDetail ? std::string_view(record.detail) : "{}";
    connection_.execute(kAppend, {next_id(), record.user_id, record.username, record.action,
                                  cut(record.target, kMaxTarget), record.target_id, cut(record.address, 64), detail});
}

std::vector<AuditRecord> Audit::list(const AuditFilter& filter) {
    std::vector<AuditRecord> records;
    auto& row = select(connection_, filter);
    while (row.next()) {
        AuditRecord record;
        record.id = row.ulid(0);
        record.at = row.int64(1);
        record.user_id = row.optional_ulid(2);
        record.username = row.text(3);
        record.action = row.text(4);
        record.target = row.text(5);
        record.target_id = row.optional_ulid(6);
        record.address = row.text(7);
        record.detail = row.text(8);
        records.push_back(std::move(record));
    }
    return records;
}

int Audit::trim(base::Milliseconds until, int limit) {
    base::Ulid last;
    int found = 0;
    auto& row = connection_.query(kOldest, {first_of(until), limit});
    for (; row.next(); ++found) last = row.ulid(0);
    return found == 0 ? 0 : static_cast<int>(connection_.execute(kTrim, {last}).rows);
}

}  // namespace bodega::store
