// The fleet as the catalog sees it: one row a running server, kept fresh by its own heartbeat.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ulid.h"
#include "db/connection.h"

namespace bodega::store {

struct Node {
    base::Ulid id;  // of one run of a server, not of its machine
    std::string name;
    std::string version;
    std::string state;  // "starting", "ready", "draining"
    base::Milliseconds started_at = 0;
    base::Milliseconds seen_at = 0;  // on the database's clock
};

class Nodes {
public:
    explicit Nodes(db::Connection& connection) : connection_(connection) {}

    // Writes the node's row, seen now; `started_at` is the first announcement's time.
    void announce(const Node& node);

    // Harmless twice.
    void remove(const base::Ulid& id);

    // Removes the rows of nodes that were not seen for `age`.
    void forget(base::Milliseconds age);

    // By name, then by id; those that were not seen for `age` are left out.
    std::vector<Node> list(base::Milliseconds age);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
