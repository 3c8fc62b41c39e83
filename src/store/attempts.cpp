#include "store/attempts.h"

namespace bodega::store {
namespace {

// failures is set first: it has to see the window's old end.
constexpr db::Sql kAdd{
    "attempts.add",
    "INSERT INTO attempts (subject, failures, window_ends_at) VALUES (?, 1, {now} + ?) "
    "{on_conflict subject} failures = CASE WHEN window_ends_at <= {now} THEN 1 ELSE failures + 1 END, "
    "window_ends_at = CASE WHEN window_ends_at <= {now} THEN {excluded window_ends_at} ELSE window_ends_at END"};
constexpr db::Sql kRead{"attempts.read", "SELECT failures, window_ends_at - {now} FROM attempts WHERE subject = ?"};
constexpr db::Sql kTakeBack{"attempts.take_back",
                            "UPDATE attempts SET failures = failures - 1 WHERE subject = ? AND failures > 0"};
constexpr db::Sql kClear{"attempts.clear", "DELETE FROM attempts WHERE subject = ?"};
constexpr db::Sql kRemoveExpired{"attempts.remove_expired", "DELETE FROM attempts WHERE window_ends_at <= {now}"};

}  // namespace

AttemptCount Attempts::add(std::string_view subject, base::Milliseconds window) {
    connection_.execute(kAdd, {subject, window});
    auto& row = connection_.query(kRead, {subject});
    AttemptCount count;
    if (row.next()) count = {row.int64(0), row.int64(1)};
    row.reset();
    return count;
}

void Attempts::take_back(std::string_view subject) { connection_.execute(kTakeBack, {subject}); }

void Attempts::clear(std::string_view subject) { connection_.execute(kClear, {subject}); }

void Attempts::remove_expired() { connection_.execute(kRemoveExpired); }

}  // namespace bodega::store
