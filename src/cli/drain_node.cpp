// bodega drain: asks a node, through the catalog, to get no new callers.
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "app/fleet/nodes.h"
#include "base/error.h"
#include "base/visible_text.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "server/node_name.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

using app::Ask;
using base::Code;
using base::Error;

constexpr Option kOptions[] = {
    {"--stop", "", "have it end as well, once its requests are answered; waits for that"},
    {"--undo", "", "have it get callers again"},
};

constexpr std::chrono::milliseconds kLook{200};
constexpr std::chrono::seconds kAnswer{10};  // a node looks every second, and may wait for its shared directory

bool is_any_up(app::Nodes& nodes, const std::string& wanted) {
    return std::ranges::any_of(nodes.list(), [&](const store::Node& node) {
        return app::is_up(node) && (node.name == wanted || node.id.text() == wanted);
    });
}

// By its name or its id.
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
        throw Error(Code::config_invalid, "--stop and --undo ask for opposite things; give one of them");
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

// Until it has followed, or ended otherwise.
bool follows(app::Nodes& nodes, const base::Ulid& id, Ask ask, std::chrono::milliseconds limit) {
    for (const auto until = base::Steady::now() + limit; base::Steady::now() < until;) {
        const std::vector<store::Node> all = nodes.list();
        auto node = std::find_if(all.begin(), all.end(), [&](const store::Node& one) { return one.id == id; });
        if (node == all.end() || node->state == "gone") return ask == Ask::stop || ask == Ask::drain;
        if (has_followed(*node, ask)) return true;
        std::this_thread::sleep_for(kLook);
    }
    return false;
}

std::string done_text(const std::string& name, Ask ask) {
    if (ask == Ask::nothing) return name + " gets callers again";
    if (ask == Ask::stop)
        return name + " has ended; a service that is to stay down is stopped on its machine: systemctl stop bodega";
    return name +
           " is draining: it is not ready any more, and goes on with what it has; so it stays, after a restart "
           "too, until bodega drain --undo " +
           name;
}

int run_drain(const Invocation& invocation) {
    const Ask ask = asked_for(invocation);
    const config::Config config = invocation.config();
    const config::Node& settings = config.node;
    const std::unique_ptr<db::Pool> catalog = open_catalog(config);
    app::Nodes nodes(*catalog);
    const std::string wanted = invocation.arguments.empty() ? node_name(settings) : invocation.arguments.front();
    if (ask == Ask::nothing && !is_any_up(nodes, wanted) && nodes.end_drain(wanted)) {
        say(wanted + " gets callers when it starts");
        return kDone;
    }
    const store::Node node = find_node(nodes, wanted);
    if (!nodes.ask(node, ask)) throw Error(Code::not_found, node.name + " has ended meanwhile");
    std::chrono::milliseconds limit = kAnswer;
    if (ask == Ask::stop) limit += settings.drain_delay + settings.drain_limit;
    if (!follows(nodes, node.id, ask, limit))
        throw Error(Code::unavailable, node.name + " has been asked, but has not done so within " +
                                           std::to_string(limit.count() / 1000) + " s; bodega nodes tells its state");
    say(done_text(base::visible_name(node.name), ask));
    return kDone;
}

}  // namespace

const Command& drain_command() {
    static constexpr Command command{
        "drain",
        "[NODE]",
        "have a node get no new callers, and end if you like",
        "Asks a node, by its name or id as bodega nodes shows them, or this machine's, to drain: /readyz says 503, so\n"
        "that load balancers send nobody new; who comes is served all the same, and it gives its leases back. It stays "
        "so\n"
        "until --undo, over restarts as well: the drain is kept under the node's name, until no node of that name has\n"
        "run for 30 days. bodega nodes lists it. With --stop it ends with the process, which systemd starts again.\n"
        "The request goes through the catalog, from any machine with the configuration; the node follows within a\n"
        "second or two, and this command waits for it.",
        kOptions,
        0,
        1,
        true,
        run_drain};
    return command;
}

}  // namespace bodega::cli
