#include "web/api/fleet_json.h"

#include <algorithm>
#include <utility>

#include "web/api/account_json.h"

namespace bodega::web {

using nlohmann::json;

namespace {

// Returns the node's stats with all their members, including those that only another version of bodega knows. Returns
// null if the stats are not an object.
json stats_json(const store::Node& node) {
    json stats = json::parse(node.stats, nullptr, false);
    return stats.is_object() ? std::move(stats) : json(nullptr);
}

json lease_json(const store::HeldLease& lease, const std::vector<store::Node>& nodes) {
    auto owner =
        std::find_if(nodes.begin(), nodes.end(), [&](const store::Node& node) { return node.id == lease.owner; });
    return {{"name", lease.name},
            {"owner", lease.owner.text()},
            {"node", owner == nodes.end() ? json(nullptr) : json(owner->name)},
            {"fence", lease.fence},
            {"expires_at", lease.expires_at}};
}

// Returns the storage of the whole fleet, as the most recently seen node reports it.
json storage_json(const std::vector<store::Node>& nodes) {
    json out = {{"used_bytes", nullptr}, {"free_bytes", nullptr}, {"total_bytes", nullptr}};
    base::Milliseconds seen_at = 0;
    for (const store::Node& node : nodes) {
        const json stats = stats_json(node);
        if (node.seen_at <= seen_at || !stats.is_object() || !stats.value("used_bytes", json()).is_number()) continue;
        seen_at = node.seen_at;
        for (auto& [name, value] : out.items()) value = stats.value(name, json());
    }
    return out;
}

}  // namespace

json node_json(const store::Node& node) {
    const auto& since = node.drain_asked_at;
    return {{"id", node.id.text()},          {"name", node.name},
            {"version", node.version},       {"address", node.address},
            {"state", node.state},           {"asked", node.asked.empty() ? json(nullptr) : json(node.asked)},
            {"started_at", node.started_at}, {"seen_at", node.seen_at},
            {"stats", stats_json(node)},     {"drain_asked_at", since ? json(*since) : json(nullptr)}};
}

json fleet_json(const app::FleetView& fleet) {
    json view = page_json(fleet.nodes, "", node_json);
    view["now"] = fleet.now;
    view["drains"] = json::array();
    for (const store::NodeDrain& drain : fleet.drains)
        view["drains"].push_back({{"name", drain.name}, {"asked_at", drain.asked_at}});
    view["leases"] = json::array();
    for (const store::HeldLease& lease : fleet.leases) view["leases"].push_back(lease_json(lease, fleet.nodes));
    view["uploads"] = {{"open", fleet.uploads.open},
                       {"active", fleet.uploads.active},
                       {"received_bytes", fleet.uploads.received},
                       {"length_bytes", fleet.uploads.length}};
    view["storage"] = storage_json(fleet.nodes);
    return view;
}

}  // namespace bodega::web
