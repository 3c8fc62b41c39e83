// Which nodes an operator drains, by name. It holds over restarts of the node, and when its row in nodes is gone.
// One object works on one connection, on its thread.
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

    void put(std::string_view name);     // one that is there keeps its time
    bool remove(std::string_view name);  // false: there was none
    std::optional<base::Milliseconds> asked_at(std::string_view name);
    std::vector<NodeDrain> list();  // by name

    // Stamps those whose nodes are in nodes, and removes those of which none was for `absent`.
    void forget(base::Milliseconds absent);

private:
    db::Connection& connection_;
};

}  // namespace bodega::store
