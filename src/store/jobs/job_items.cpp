#include "store/jobs/job_items.h"

#include <limits>

#include "store/sql_text.h"

namespace bodega::store {
namespace {

// Rows per statement: enough to make the round trip's cost negligible.
constexpr std::size_t kRows = 64;

std::string insert_text(std::size_t rows) {
    std::string out = "{insert_ignore} INTO job_items (job_id, number, entry_id, state, parent_id, name) VALUES ";
    for (std::size_t i = 0; i < rows; ++i) out.append(i == 0 ? "" : ", ").append("(?, ?, ?, ?, ?, ?)");
    return out;
}

const std::string kInsertMany = insert_text(kRows), kInsertOne = insert_text(1);

constexpr std::string_view kColumns = "SELECT i.number, i.entry_id, i.state, i.code, i.result_id, i.parent_id, i.name";
constexpr std::string_view kFrom = " FROM job_items i WHERE i.job_id = ? ";
constexpr std::string_view kForward = "AND i.number > ? ORDER BY i.number LIMIT ?";
constexpr std::string_view kOfState = "AND i.state = ? ";
constexpr std::string_view kBackward = "AND i.number < ? ORDER BY i.number DESC LIMIT ?";
constexpr std::string_view kWithName =
    ", CASE WHEN c.role IS NULL THEN NULL ELSE e.name END FROM job_items i LEFT JOIN entries e ON e.id = i.entry_id "
    "LEFT JOIN members c ON c.space_id = e.space_id AND c.user_id = ? WHERE i.job_id = ? ";

constexpr db::Sql kNext{"job_items.next", kJoined<kColumns, kFrom, kForward>};
constexpr db::Sql kLast{"job_items.last", kJoined<kColumns, kFrom, kOfState, kBackward>};
constexpr db::Sql kList{"job_items.list", kJoined<kColumns, kWithName, kForward>};
constexpr db::Sql kListOfState{"job_items.list_of_state", kJoined<kColumns, kWithName, kOfState, kForward>};
constexpr db::Sql kSet{"job_items.set",
                       "UPDATE job_items SET state = ?, code = ?, result_id = ?, parent_id = ?, name = ? "
                       "WHERE job_id = ? AND number = ?"};
constexpr db::Sql kFirst{"job_items.first", "SELECT MIN(number) FROM job_items WHERE job_id = ?"};
constexpr db::Sql kTrim{"job_items.trim", "DELETE FROM job_items WHERE job_id = ? AND number < ?"};

JobItem read_item(const db::Statement& row) {
    JobItem item;
    item.number = row.int64(0);
    item.entry_id = row.ulid(1);
    item.state = static_cast<JobItemState>(row.int64(2));
    item.code = row.text(3);
    item.result_id = row.optional_ulid(4);
    item.parent_id = row.optional_ulid(5);
    if (!row.is_null(6)) item.name = row.text(6);
    return item;
}

std::vector<JobItem> read_items(db::Statement& row) {
    std::vector<JobItem> out;
    while (row.next()) out.push_back(read_item(row));
    return out;
}

}  // namespace

std::int64_t JobItems::add(std::span<const JobItem> items, std::int64_t from) {
    std::int64_t added = 0;
    while (!items.empty()) {
        const std::size_t rows = items.size() >= kRows ? kRows : 1;
        std::vector<db::Param> params;
        params.reserve(rows * 6);
        for (const JobItem& item : items.first(rows)) {
            params.insert(params.end(),
                          {job_id_, from, item.entry_id, static_cast<int>(item.state), item.parent_id, item.name});
            ++from;
        }
        auto& statement = connection_.prepare({"job_items.add", rows == 1 ? kInsertOne : kInsertMany});
        statement.run(params);
        added += statement.changes().rows;
        items = items.subspan(rows);
    }
    return added;
}

void JobItems::leave_out(std::span<const base::Ulid> ids) {
    std::vector<JobItem> items;
    items.reserve(ids.size());
    for (const base::Ulid& id : ids) items.push_back({.entry_id = id, .state = JobItemState::left_out});
    add(items, -static_cast<std::int64_t>(ids.size()));
}

std::vector<JobItem> JobItems::next(std::int64_t position, int limit) {
    return read_items(connection_.query(kNext, {job_id_, position, limit}));
}

std::vector<JobItem> JobItems::last(JobItemState state, std::int64_t below, int limit) {
    return read_items(connection_.query(kLast, {job_id_, static_cast<int>(state), below, limit}));
}

void JobItems::set(const JobItem& item) {
    const db::Param code = item.code.empty() ? db::Param(db::Null{}) : db::Param(item.code);
    connection_.execute(
        kSet, {static_cast<int>(item.state), code, item.result_id, item.parent_id, item.name, job_id_, item.number});
}

std::vector<SeenItem> JobItems::list(const base::Ulid& user_id, std::optional<JobItemState> state, std::int64_t after,
                                     int limit) {
    auto& row = state ? connection_.query(kListOfState, {user_id, job_id_, static_cast<int>(*state), after, limit})
                      : connection_.query(kList, {user_id, job_id_, after, limit});
    std::vector<SeenItem> out;
    while (row.next()) {
        SeenItem seen{read_item(row), std::nullopt};
        if (!row.is_null(7)) seen.entry_name = row.text(7);
        out.push_back(std::move(seen));
    }
    return out;
}

bool JobItems::trim(int max) {
    auto& row = connection_.query(kFirst, {job_id_});
    std::optional<std::int64_t> first;
    if (row.next()) first = row.optional_int64(0);
    row.reset();
    if (first) connection_.execute(kTrim, {job_id_, *first + max});
    return first.has_value();
}

}  // namespace bodega::store
