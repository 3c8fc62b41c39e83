#include "store/fleet/node_drains.h"

namespace bodega::store {
namespace {

constexpr db::Sql kPut{"node_drains.put",
                       "{insert_ignore} INTO node_drains (name, asked_at, seen_at) VALUES (?, {now}, {now})"};
constexpr db::Sql kRemove{"node_drains.remove", "DELETE FROM node_drains WHERE name = ?"};
constexpr db::Sql kAskedAt{"node_drains.asked_at", "SELECT asked_at FROM node_drains WHERE name = ?"};
constexpr db::Sql kList{"node_drains.list", "SELECT name, asked_at FROM node_drains ORDER BY name"};
constexpr db::Sql kStamp{"node_drains.stamp",
                         "UPDATE node_drains SET seen_at = {now} "
                         "WHERE EXISTS (SELECT 1 FROM nodes n WHERE n.name = node_drains.name)"};
constexpr db::Sql kForget{"node_drains.forget", "DELETE FROM node_drains WHERE seen_at < {now} - ?"};

}  // namespace

void NodeDrains::put(std::string_view name) { connection_.execute(kPut, {name}); }

bool NodeDrains::remove(std::string_view name) { return connection_.execute(kRemove, {name}).rows > 0; }

std::optional<base::Milliseconds> NodeDrains::asked_at(std::string_view name) {
    auto& row = connection_.query(kAskedAt, {name});
    if (!row.next()) return std::nullopt;
    const base::Milliseconds at = row.int64(0);
    row.reset();
    return at;
}

std::vector<NodeDrain> NodeDrains::list() {
    std::vector<NodeDrain> drains;
    auto& row = connection_.query(kList, {});
    while (row.next()) drains.push_back({std::string(row.text(0)), row.int64(1)});
    return drains;
}

void NodeDrains::forget(base::Milliseconds absent) {
    connection_.execute(kStamp, {});
    connection_.execute(kForget, {absent});
}

}  // namespace bodega::store
