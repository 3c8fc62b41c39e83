// bodega nodes: lists the fleet's nodes from the catalog.
#include "app/fleet/nodes.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/visible_text.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/table.h"
#include "server/backend.h"
#include "web/api/fleet_json.h"

namespace bodega::cli {
namespace {

using nlohmann::json;

constexpr Option kOptions[] = {{"--json", "", "print all known data, as in the response to GET /api/v1/nodes"}};

// Formats a time: "45s", "12min", "3h 20min", "9d 4h".
std::string time_text(base::Milliseconds milliseconds) {
    const std::int64_t seconds = std::max<std::int64_t>(0, milliseconds / 1000);
    const std::int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    auto two = [](std::int64_t many, const char* large, std::int64_t few, const char* small) {
        return std::to_string(many) + large + (few > 0 ? " " + std::to_string(few) + small : "");
    };
    if (days > 0) return two(days, "d", hours % 24, "h");
    if (hours > 0) return two(hours, "h", minutes % 60, "min");
    return minutes > 0 ? std::to_string(minutes) + "min" : std::to_string(seconds) + "s";
}

// Formats a number, or the newest of a list of samples; "-" if it is unknown.
std::string figure(const json& stats, const char* name, std::string_view unit = "") {
    json value = stats.is_object() ? stats.value(name, json()) : json();
    if (value.is_array()) value = value.empty() ? json() : json(value.back());
    return value.is_number() ? value.dump().append(unit) : "-";
}

std::vector<std::string> row(const store::Node& node, base::Milliseconds now) {
    const json stats = json::parse(node.stats, nullptr, false);
    std::string asked = node.asked == "stop" && node.state != "gone" ? " (to end)" : "";
    if (node.asked == "drain" && app::is_up(node) && node.drain_asked_at)
        asked = " (asked " + time_text(now - *node.drain_asked_at) + " ago)";
    return {node.name,
            node.state + asked,
            node.version,
            node.address.empty() ? "-" : node.address,
            time_text(node.seen_at - node.started_at),
            time_text(now - node.seen_at) + " ago",
            figure(stats, "rate"),
            figure(stats, "errors"),
            figure(stats, "p99", "ms"),
            figure(stats, "load")};
}

int run_nodes(const Invocation& invocation) {
    const std::unique_ptr<db::Pool> catalog = server::open_catalog(invocation.config());
    const app::FleetView fleet = app::Nodes(*catalog).view();
    if (invocation.has("--json")) {
        say(web::fleet_json(fleet).dump(2));
        return kDone;
    }
    std::vector<std::vector<std::string>> rows = {
        {"NAME", "STATE", "VERSION", "ADDRESS", "UP", "SEEN", "REQ/S", "5XX/S", "P99", "LOAD"}};
    for (const store::Node& node : fleet.nodes) rows.push_back(row(node, fleet.now));
    for (const std::string& line : table(rows)) say(line);
    for (const store::NodeDrain& drain : fleet.drains) {
        const bool is_up = std::ranges::any_of(
            fleet.nodes, [&](const store::Node& node) { return node.name == drain.name && app::is_up(node); });
        if (!is_up)
            say(base::visible_name(drain.name) + " drains when it starts (asked " +
                time_text(fleet.now - drain.asked_at) + " ago); bodega drain --undo " + base::visible_name(drain.name) +
                " ends that");
    }
    return kDone;
}

}  // namespace

const Command& nodes_command() {
    static constexpr Command command{
        "nodes",
        "",
        "list the fleet's nodes, with state and load",
        "Lists the nodes that the catalog knows, from any machine with the configuration. A node is starting,\n"
        "ready, unready (its /readyz tells why), draining, gone (it ended normally within the last ten minutes) or\n"
        "lost (it sent no heartbeat for 20 seconds).",
        kOptions,
        0,
        0,
        true,
        run_nodes};
    return command;
}

}  // namespace bodega::cli
