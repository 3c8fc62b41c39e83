#include "store/fleet/nodes.h"

#include <optional>

namespace bodega::store {
namespace {

constexpr db::Sql kHeartbeat{"nodes.beat",
                             "INSERT INTO nodes (id, name, version, state, started_at, seen_at, address, stats, asked) "
                             "VALUES (?, ?, ?, ?, {now}, {now}, ?, ?, "
                             "COALESCE((SELECT 'drain' FROM node_drains WHERE name = ?), '')) "
                             "{on_conflict id} state = {excluded state}, seen_at = {excluded seen_at}, "
                             "address = {excluded address}, stats = {excluded stats}"};
constexpr db::Sql kLeave{"nodes.leave", "UPDATE nodes SET state = 'gone', seen_at = {now} WHERE id = ?"};
constexpr db::Sql kForget{"nodes.forget",
                          "DELETE FROM nodes WHERE seen_at < {now} - ? OR (state = 'gone' AND seen_at < {now} - ?)"};
constexpr db::Sql kAsk{"nodes.ask", "UPDATE nodes SET asked = ? WHERE id = ?"};
constexpr db::Sql kAsked{"nodes.asked",
                         "SELECT COALESCE((SELECT asked FROM nodes WHERE id = ?), "
                         "(SELECT 'drain' FROM node_drains WHERE name = ?), '')"};
constexpr db::Sql kList{"nodes.list",
                        "SELECT n.id, n.name, n.version, "
                        "CASE WHEN n.state <> 'gone' AND n.seen_at < {now} - ? THEN 'lost' ELSE n.state END, "
                        "n.started_at, n.seen_at, n.address, n.asked, n.stats, d.asked_at "
                        "FROM nodes n LEFT JOIN node_drains d ON d.name = n.name "
                        "WHERE n.state <> 'gone' OR n.seen_at >= {now} - ? ORDER BY n.name, n.id"};

}  // namespace

void Nodes::heartbeat(const Heartbeat& heartbeat) {
    std::optional<std::string_view> stats;
    if (!heartbeat.stats.empty() && heartbeat.stats.size() <= kMaxStats) stats = heartbeat.stats;
    connection_.execute(kHeartbeat, {heartbeat.id, heartbeat.name, heartbeat.version, heartbeat.state,
                                     heartbeat.address, stats, heartbeat.name});
}

void Nodes::leave(const base::Ulid& id) { connection_.execute(kLeave, {id}); }

void Nodes::forget(base::Milliseconds lost, base::Milliseconds gone) { connection_.execute(kForget, {lost, gone}); }

bool Nodes::ask(const base::Ulid& id, std::string_view what) { return connection_.execute(kAsk, {what, id}).rows > 0; }

std::string Nodes::asked(const base::Ulid& id, std::string_view name) {
    auto& row = connection_.query(kAsked, {id, name});
    std::string asked;
    if (row.next()) asked = row.text(0);
    row.reset();
    return asked;
}

std::vector<Node> Nodes::list(base::Milliseconds lost_after, base::Milliseconds gone) {
    std::vector<Node> nodes;
    auto& row = connection_.query(kList, {lost_after, gone});
    while (row.next()) {
        Node node;
        node.id = row.ulid(0);
        node.name = row.text(1);
        node.version = row.text(2);
        node.state = row.text(3);
        node.started_at = row.int64(4);
        node.seen_at = row.int64(5);
        node.address = row.text(6);
        node.asked = row.text(7);
        node.stats = row.text(8);
        node.drain_asked_at = row.optional_int64(9);
        nodes.push_back(std::move(node));
    }
    return nodes;
}

}  // namespace bodega::store
