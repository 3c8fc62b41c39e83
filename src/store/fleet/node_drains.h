// The nodes that an operator drains, by name. A drain stays when the node restarts, and when the node's row in the
// table `nodes` is removed. Each object uses one connection, on that connection's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "db/connection.h"

namespace bodega::store {

struct NodeDrain {
    std::string name;
    base::Milliseconds asked_at = 0;
};

class NodeDrains {
public:
    explicit NodeDrains(db::Connection& connection) : connection_(connection) {}

    void put(std::string_view name);     // an existing drain keeps its time
    bool remove(std::string_view name);  // false: the node was not drained
    std::optional<base::Milliseconds> asked_at(std::string_view name);
    std::vector<NodeDrain> list();  // sorted by name

    // Removes the drains of nodes that have not been in the table `nodes` for `absent`. First records that the nodes in
    // the table are there now.
    void forget(base::Milliseconds absent);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
