// bodega drain: asks a node, through the catalog, to take no new clients.
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "app/fleet/nodes.h"
#include "base/error.h"
#include "base/visible_text.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "server/backend.h"
#include "server/node_name.h"

namespace bodega::cli {
namespace {

using app::Ask;
using base::Code;
using base::Error;

constexpr Option kOptions[] = {
    {"--stop", "", "also end the node's process once its requests are finished, and wait for that"},
    {"--undo", "", "let the node take new clients again"},
};

constexpr std::chrono::milliseconds kPollInterval{200};
// Maximum wait until the node drains. A node reads the catalog's drain requests every second, but a slow shared
// directory can delay it.
constexpr std::chrono::seconds kAnswer{10};

bool is_any_up(app::Nodes& nodes, const std::string& wanted) {
    return std::ranges::any_of(nodes.list(), [&](const store::Node& node) {
        return app::is_up(node) && (node.name == wanted || node.id.text() == wanted);
    });
}

// Finds a node by its name or its id.
store::Node find_node(app::Nodes& nodes, const std::string& wanted) {
    std::vector<store::Node> found;
    for (store::Node& node : nodes.list())
        if (app::is_up(node) && (node.name == wanted || node.id.text() == wanted)) found.push_back(std::move(node));
    if (found.size() == 1) return found.front();
    if (found.empty()) throw Error(Code::not_found, "no node \"" + wanted + "\" is up; bodega nodes lists them all");
    std::string message = std::to_string(found.size()) + " nodes are called \"" + wanted + "\"; name one by its id:";
    for (const store::Node& node : found)
        message.append("\n  ").append(node.id.text()).append("  ").append(node.address);
    throw Error(Code::invalid, message);
}

Ask asked_for(const Invocation& invocation) {
    if (invocation.has("--stop") && invocation.has("--undo"))
        throw Error(Code::config_invalid, "--stop and --undo contradict each other; give only one of them");
    if (invocation.has("--undo")) return Ask::nothing;
    return invocation.has("--stop") ? Ask::stop : Ask::drain;
}

bool has_followed(const store::Node& node, Ask ask) {
    switch (ask) {
        case Ask::nothing: return node.state != "draining";
        case Ask::drain: return node.state == "draining";
        case Ask::stop: return node.state == "gone";
    }
    return false;
}

// Returns true when the node has done what `ask` requests, or false after `limit`. A node that has ended counts as
// drained and stopped.
bool follows(app::Nodes& nodes, const base::Ulid& id, Ask ask, std::chrono::milliseconds limit) {
    for (const auto until = base::Steady::now() + limit; base::Steady::now() < until;) {
        const std::vector<store::Node> all = nodes.list();
        auto node = std::find_if(all.begin(), all.end(), [&](const store::Node& one) { return one.id == id; });
        if (node == all.end() || node->state == "gone") return ask == Ask::stop || ask == Ask::drain;
        if (has_followed(*node, ask)) return true;
        std::this_thread::sleep_for(kPollInterval);
    }
    return false;
}

std::string done_text(const std::string& name, Ask ask) {
    if (ask == Ask::nothing) return name + " takes new clients again";
    if (ask == Ask::stop)
        return name + " has ended; to keep the service down, stop it on its machine: systemctl stop bodega";
    return name +
           " is draining: it is no longer ready and finishes the requests that it has; it keeps draining, after a "
           "restart "
           "too, until bodega drain --undo " +
           name;
}

int run_drain(const Invocation& invocation) {
    const Ask ask = asked_for(invocation);
    const config::Config config = invocation.config();
    const config::Node& settings = config.node;
    const std::unique_ptr<db::Pool> catalog = server::open_catalog(config);
    app::Nodes nodes(*catalog);
    const std::string wanted =
        invocation.arguments.empty() ? server::node_name(settings) : invocation.arguments.front();
    if (ask == Ask::nothing && !is_any_up(nodes, wanted) && nodes.end_drain(wanted)) {
        say(wanted + " takes clients when it starts");
        return kDone;
    }
    const store::Node node = find_node(nodes, wanted);
    if (!nodes.ask(node, ask)) throw Error(Code::not_found, node.name + " has ended meanwhile");
    std::chrono::milliseconds limit = kAnswer;
    if (ask == Ask::stop) limit += settings.drain_delay + settings.drain_limit;
    if (!follows(nodes, node.id, ask, limit))
        throw Error(Code::unavailable, node.name + " got the request, but did not follow it within " +
                                           std::to_string(limit.count() / 1000) + " s; bodega nodes shows its state");
    say(done_text(base::visible_name(node.name), ask));
    return kDone;
}

}  // namespace

const Command& drain_command() {
    static constexpr Command command{
        "drain",
        "[NODE]",
        "make a node refuse new clients, and optionally end it",
        "Asks a node to drain: this machine's node, or the one with the given name or id from bodega nodes. The\n"
        "node's /readyz then answers 503, so that load balancers send no new clients; it still serves the clients\n"
        "that come, and releases its leases. The drain lasts until --undo, also over restarts: the catalog keeps it\n"
        "under the node's name, until no node of that name has run for 30 days. bodega nodes lists it. With --stop,\n"
        "the node's process also ends; systemd then starts it again. The request goes through the catalog, from any\n"
        "machine with the configuration. The node follows within a second or two, and this command waits for that.",
        kOptions,
        0,
        1,
        true,
        run_drain};
    return command;
}

}  // namespace bodega::cli
