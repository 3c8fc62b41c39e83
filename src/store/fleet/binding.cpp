#include "store/fleet/binding.h"

namespace bodega::store {
namespace {

constexpr db::Sql kFind{"binding.find",
                        "SELECT catalog_id, generation, next_generation, {now} - replaced_at, kept_before "
                        "FROM binding WHERE id = 1"};
constexpr db::Sql kInsert{"binding.insert",
                          "{insert_ignore} INTO binding (id, catalog_id, next_generation, replaced_at, kept_before) "
                          "VALUES (1, ?, ?, {now}, 0)"};
constexpr db::Sql kPropose{"binding.propose",
                           "UPDATE binding SET next_generation = ? "
                           "WHERE id = 1 AND generation = ? AND next_generation IS NULL"};
constexpr db::Sql kConfirm{"binding.confirm",
                           "UPDATE binding SET generation = ?, next_generation = NULL, replaced_at = {now} "
                           "WHERE id = 1 AND next_generation = ?"};
constexpr db::Sql kResume{"binding.resume",
                          "UPDATE binding SET next_generation = ?, kept_before = {now} "
                          "WHERE id = 1 AND generation = ?"};
constexpr db::Sql kAdopt{"binding.adopt",
                         "INSERT INTO binding (id, catalog_id, next_generation, replaced_at, kept_before) "
                         "VALUES (1, ?, ?, {now}, {now}) "
                         "{on_conflict id} catalog_id = {excluded catalog_id}, generation = NULL, "
                         "next_generation = {excluded next_generation}, kept_before = {excluded kept_before}"};

constexpr db::Sql kEndGaps{"binding.end_gaps", "DELETE FROM binding_gaps WHERE to_at < {now} - ?"};
constexpr db::Sql kAddGap{"binding.add_gap",
                          "INSERT INTO binding_gaps (id, from_at, to_at) "
                          "SELECT ?, replaced_at - ?, {now} + ? FROM binding WHERE id = 1"};
constexpr db::Sql kExtent{"binding.gaps_extent", "SELECT COUNT(*), MIN(from_at), MAX(to_at) FROM binding_gaps"};
constexpr db::Sql kRemoveGaps{"binding.remove_gaps", "DELETE FROM binding_gaps"};
constexpr db::Sql kOneGap{"binding.one_gap", "INSERT INTO binding_gaps (id, from_at, to_at) VALUES (?, ?, ?)"};
constexpr db::Sql kGaps{"binding.gaps", "SELECT from_at, to_at FROM binding_gaps"};

}  // namespace

std::optional<Binding> Bindings::find() {
    auto& row = connection_.query(kFind);
    if (!row.next()) return std::nullopt;
    Binding found{row.ulid(0), row.optional_ulid(1), row.optional_ulid(2), row.int64(3), row.int64(4)};
    row.reset();
    return found;
}

void Bindings::insert(const base::Ulid& catalog_id, const base::Ulid& next) {
    connection_.execute(kInsert, {catalog_id, next});
}

bool Bindings::propose(const base::Ulid& generation, const base::Ulid& next) {
    return connection_.execute(kPropose, {next, generation}).rows > 0;
}

bool Bindings::confirm(const base::Ulid& next) { return connection_.execute(kConfirm, {next, next}).rows > 0; }

bool Bindings::resume(const base::Ulid& generation, const base::Ulid& next) {
    return connection_.execute(kResume, {next, generation}).rows > 0;
}

void Bindings::adopt(const base::Ulid& catalog_id, const base::Ulid& next) {
    connection_.execute(kAdopt, {catalog_id, next});
}

void Bindings::add_gap(base::Milliseconds slack, base::Milliseconds keep) {
    connection_.execute(kEndGaps, {keep});
    connection_.execute(kAddGap, {base::Ulid::make(), slack, slack});
    join_gaps();
}

void Bindings::join_gaps() {
    auto& row = connection_.query(kExtent);
    if (!row.next() || row.int64(0) <= kMaxGaps) return row.reset();
    const Span all{row.int64(1), row.int64(2)};
    row.reset();
    connection_.execute(kRemoveGaps);
    connection_.execute(kOneGap, {base::Ulid::make(), all.from, all.to});
}

std::vector<Span> Bindings::kept_times() {
    std::vector<Span> spans;
    auto& row = connection_.query(kGaps);
    while (row.next()) spans.push_back({row.int64(0), row.int64(1)});
    if (const auto binding = find()) spans.push_back({0, binding->kept_before});
    return spans;
}

}  // namespace bodega::store
