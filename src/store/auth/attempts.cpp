#include "store/auth/attempts.h"

#include "store/sql_text.h"

namespace bodega::store {
namespace {

// Sets `failures` first, because its expression reads the old end of the window.
constexpr db::Sql kAdd{
    "attempts.add",
    "INSERT INTO attempts (subject, failures, window_ends_at) VALUES (?, 1, {now} + ?) "
    "{on_conflict subject} failures = CASE WHEN window_ends_at <= {now} THEN 1 ELSE failures + 1 END, "
    "window_ends_at = CASE WHEN window_ends_at <= {now} THEN {excluded window_ends_at} ELSE window_ends_at END"};
constexpr std::string_view kSelect =
    "SELECT failures, window_ends_at - {now} FROM attempts WHERE subject = ? AND window_ends_at > {now}";
constexpr std::string_view kForUpdate = "{for_update}";
constexpr db::Sql kCount{"attempts.count", kSelect};
constexpr db::Sql kLock{"attempts.lock", kJoined<kSelect, kForUpdate>};
constexpr db::Sql kClear{"attempts.clear", "DELETE FROM attempts WHERE subject = ?"};
constexpr db::Sql kStarting{"attempts.starting_with",
                            "SELECT subject FROM attempts WHERE subject >= ? AND subject < ?"};
constexpr db::Sql kRemoveExpired{"attempts.remove_expired", "DELETE FROM attempts WHERE window_ends_at <= {now}"};

AttemptCount read_count(db::Statement& row) {
    AttemptCount count;
    if (row.next()) count = {row.int64(0), row.int64(1)};
    row.reset();
    return count;
}

}  // namespace

AttemptCount Attempts::add(std::string_view subject, base::Milliseconds window) {
    connection_.execute(kAdd, {subject, window});
    return count(subject);
}

AttemptCount Attempts::count(std::string_view subject) { return read_count(connection_.query(kCount, {subject})); }

AttemptCount Attempts::lock(std::string_view subject) { return read_count(connection_.query(kLock, {subject})); }

void Attempts::clear(std::string_view subject) { connection_.execute(kClear, {subject}); }

std::vector<std::string> Attempts::starting_with(std::string_view prefix) {
    std::string end(prefix);
    end.back() = static_cast<char>(end.back() + 1);
    std::vector<std::string> subjects;
    auto& row = connection_.query(kStarting, {prefix, end});
    while (row.next()) subjects.emplace_back(row.text(0));
    return subjects;
}

void Attempts::remove_expired() { connection_.execute(kRemoveExpired); }

}  // namespace bodega::store
