// The nodes of the fleet: one row per node, which the node updates every few seconds with the time of the database's
// clock. Each object uses one connection, on that connection's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct Node {
    base::Ulid id;  // id of this run of the process
    std::string name;
    std::string version;
    std::string address;  // where the node can be reached; "" if not reported
    std::string state;  // "starting", "ready", "unready", "draining", "gone"; in lists also "lost": silent for too long
    std::string asked;  // what an operator has asked of the node: "drain", "stop" or ""
    std::optional<base::Milliseconds> drain_asked_at;  // time of the request to drain, from node_drains
    std::string stats;                                 // a JSON object of its load; "" if not reported
    base::Milliseconds started_at = 0;
    base::Milliseconds seen_at = 0;
};

struct Heartbeat {
    base::Ulid id;
    std::string_view name;
    std::string_view version;
    std::string_view address;
    std::string_view state;
    std::string_view stats;
};

class Nodes {
public:
    // Maximum bytes of a node's stats. Longer stats are not written.
    static constexpr std::size_t kMaxStats = 16 << 10;

    explicit Nodes(db::Connection& connection) : connection_(connection) {}

    // Adds the node, or updates its row with the report and the current time. What an operator has asked of the node
    // stays. A new node is asked to drain if node_drains has its name.
    void heartbeat(const Heartbeat& heartbeat);

    // Records that the process ended cleanly. The row stays for a while, as "gone".
    void leave(const base::Ulid& id);
    // Removes rows of nodes that were silent for `lost`, or "gone" for `gone`.
    void forget(base::Milliseconds lost, base::Milliseconds gone);

    // Sets what the operator asks of the node. Returns false if the node has no row.
    bool ask(const base::Ulid& id, std::string_view what);
    // Returns what the operator asked of this node, "drain" for example, or "" for nothing. If the node has no row,
    // looks up the node's name in node_drains.
    std::string asked(const base::Ulid& id, std::string_view name);

    // Returns the nodes, sorted by name. A node that was silent for longer than `lost_after` has the state "lost".
    // Omits nodes that have been "gone" for `gone`.
    std::vector<Node> list(base::Milliseconds lost_after, base::Milliseconds gone);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
