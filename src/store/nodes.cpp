#include "store/nodes.h"

namespace bodega::store {
namespace {

constexpr db::Sql kBeat{"nodes.beat",
                        "INSERT INTO nodes (id, name, version, state, started_at, seen_at) "
                        "VALUES (?, ?, ?, ?, {now}, {now}) "
                        "{on_conflict id} state = {excluded state}, seen_at = {excluded seen_at}"};
constexpr db::Sql kRemove{"nodes.remove", "DELETE FROM nodes WHERE id = ?"};
constexpr db::Sql kRemoveSilent{"nodes.remove_silent", "DELETE FROM nodes WHERE seen_at < {now} - ?"};
constexpr db::Sql kList{"nodes.list",
                        "SELECT id, name, version, CASE WHEN seen_at < {now} - ? THEN 'lost' ELSE state END, "
                        "started_at, seen_at FROM nodes ORDER BY name, id"};

}  // namespace

void Nodes::beat(const base::Ulid& id, std::string_view name, std::string_view version, std::string_view state) {
    connection_.execute(kBeat, {id, name, version, state});
}

void Nodes::remove(const base::Ulid& id) { connection_.execute(kRemove, {id}); }

void Nodes::remove_silent(base::Milliseconds longer_than) { connection_.execute(kRemoveSilent, {longer_than}); }

std::vector<Node> Nodes::list(base::Milliseconds lost_after) {
    std::vector<Node> nodes;
    auto& row = connection_.query(kList, {lost_after});
    while (row.next()) {
        nodes.push_back({row.ulid(0), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
                         row.int64(4), row.int64(5)});
    }
    return nodes;
}

}  // namespace bodega::store
