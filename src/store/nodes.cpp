#include "store/nodes.h"

namespace bodega::store {
namespace {

constexpr db::Sql kAnnounce{"nodes.announce",
                            "INSERT INTO nodes (id, name, version, state, started_at, seen_at) "
                            "VALUES (?, ?, ?, ?, {now}, {now}) {on_conflict id} "
                            "state = {excluded state}, seen_at = {excluded seen_at}"};
constexpr db::Sql kRemove{"nodes.remove", "DELETE FROM nodes WHERE id = ?"};
constexpr db::Sql kForget{"nodes.forget", "DELETE FROM nodes WHERE seen_at < {now} - ?"};
constexpr db::Sql kList{"nodes.list",
                        "SELECT id, name, version, state, started_at, seen_at FROM nodes "
                        "WHERE seen_at >= {now} - ? ORDER BY name, id"};

}  // namespace

void Nodes::announce(const Node& node) {
    connection_.execute(kAnnounce, {node.id, node.name, node.version, node.state});
}

void Nodes::remove(const base::Ulid& id) { connection_.execute(kRemove, {id}); }

void Nodes::forget(base::Milliseconds age) { connection_.execute(kForget, {age}); }

std::vector<Node> Nodes::list(base::Milliseconds age) {
    std::vector<Node> nodes;
    auto& row = connection_.query(kList, {age});
    while (row.next()) {
        Node node;
        node.id = row.ulid(0);
        node.name = row.text(1);
        node.version = row.text(2);
        node.state = row.text(3);
        node.started_at = row.int64(4);
        node.seen_at = row.int64(5);
        nodes.push_back(std::move(node));
    }
    return nodes;
}

}  // namespace bodega::store
