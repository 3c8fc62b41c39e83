#include "store/nodes.h"

#include <optional>

namespace bodega::store {
namespace {

constexpr db::Sql kBeat{"nodes.beat",
                        "INSERT INTO nodes (id, name, version, state, started_at, seen_at, address, stats) "
                        "VALUES (?, ?, ?, ?, {now}, {now}, ?, ?) "
                        "{on_conflict id} state = {excluded state}, seen_at = {excluded seen_at}, "
                        "address = {excluded address}, stats = {excluded stats}"};
constexpr db::Sql kLeave{"nodes.leave", "UPDATE nodes SET state = 'gone', seen_at = {now} WHERE id = ?"};
constexpr db::Sql kForget{"nodes.forget",
                          "DELETE FROM nodes WHERE seen_at < {now} - ? OR (state = 'gone' AND seen_at < {now} - ?)"};
constexpr db::Sql kAsk{"nodes.ask", "UPDATE nodes SET asked = ? WHERE id = ?"};
constexpr db::Sql kAsked{"nodes.asked", "SELECT asked FROM nodes WHERE id = ?"};
constexpr db::Sql kList{"nodes.list",
                        "SELECT id, name, version, "
                        "CASE WHEN state <> 'gone' AND seen_at < {now} - ? THEN 'lost' ELSE state END, "
                        "started_at, seen_at, address, asked, stats FROM nodes "
                        "WHERE state <> 'gone' OR seen_at >= {now} - ? ORDER BY name, id"};

}  // namespace

void Nodes::beat(const Beat& beat) {
    std::optional<std::string_view> stats;
    if (!beat.stats.empty() && beat.stats.size() <= kMostStats) stats = beat.stats;
    connection_.execute(kBeat, {beat.id, beat.name, beat.version, beat.state, beat.address, stats});
}

void Nodes::leave(const base::Ulid& id) { connection_.execute(kLeave, {id}); }

void Nodes::forget(base::Milliseconds lost, base::Milliseconds gone) { connection_.execute(kForget, {lost, gone}); }

bool Nodes::ask(const base::Ulid& id, std::string_view what) { return connection_.execute(kAsk, {what, id}).rows > 0; }

std::string Nodes::asked(const base::Ulid& id) {
    auto& row = connection_.query(kAsked, {id});
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
        nodes.push_back(std::move(node));
    }
    return nodes;
}

}  // namespace bodega::store
