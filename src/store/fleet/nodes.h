// The fleet as the catalog sees it: one row a node, stamped every few seconds on the database's clock.
// One object works on one connection, on its thread.
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
    base::Ulid id;  // of this run of the process
    std::string name;
    std::string version;
    std::string address;  // where it is reached; "" if it did not say
    std::string state;    // "starting", "ready", "unready", "draining", "gone"; in lists also "lost": silent for long
    std::string asked;    // by an operator: "", "drain", "stop"
    std::optional<base::Milliseconds> drain_asked_at;  // by node_drains
    std::string stats;                                 // a JSON object of its load; "" if it wrote none
    base::Milliseconds started_at = 0;
    base::Milliseconds seen_at = 0;
};

struct Beat {
    base::Ulid id;
    std::string_view name;
    std::string_view version;
    std::string_view address;
    std::string_view state;
    std::string_view stats;
};

class Nodes {
public:
    // Of a node's stats: more are not written.
    static constexpr std::size_t kMostStats = 16 << 10;

    explicit Nodes(db::Connection& connection) : connection_(connection) {}

    // Adds the node, or stamps it as seen now, with what it says. What it is asked stays; one that is added is asked to
    // drain if node_drains has its name.
    void beat(const Beat& beat);

    // It has ended well: its row stays for a while, as "gone".
    void leave(const base::Ulid& id);
    // Removes rows of nodes that were silent for `lost`, or are gone for `gone`.
    void forget(base::Milliseconds lost, base::Milliseconds gone);

    // What an operator wants of a node; false: there is no such row.
    bool ask(const base::Ulid& id, std::string_view what);
    // Without a row: what one that is added now would be asked.
    std::string asked(const base::Ulid& id, std::string_view name);

    // By name; those silent for longer than `lost_after` have the state "lost"; without those gone for `gone`.
    std::vector<Node> list(base::Milliseconds lost_after, base::Milliseconds gone);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
