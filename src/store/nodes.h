// The fleet as the catalog sees it: one row a node, stamped every few seconds on the database's clock.
// One object works on one connection, on its thread.
#pragma once

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
    std::string state;  // "starting", "ready", "draining"; in lists also "lost": silent for too long
    base::Milliseconds started_at = 0;
    base::Milliseconds seen_at = 0;
};

class Nodes {
public:
    explicit Nodes(db::Connection& connection) : connection_(connection) {}

    // Adds the node, or stamps it as seen now with this state.
    void beat(const base::Ulid& id, std::string_view name, std::string_view version, std::string_view state);
    void remove(const base::Ulid& id);
    void remove_silent(base::Milliseconds longer_than);

    // By name; those silent for longer than `lost_after` have the state "lost".
    std::vector<Node> list(base::Milliseconds lost_after);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
