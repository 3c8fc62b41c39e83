// The fleet's rows in the catalog: this node's heartbeat, operators' requests to a node, and the list of all nodes.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/pool.h"
#include "store/fleet/fleet.h"
#include "store/fleet/node_drains.h"
#include "store/fleet/nodes.h"
#include "store/jobs/jobs.h"

namespace bodega::app {

// An operator's request to a node: nothing, accept no new clients (drain), or drain and then stop.
enum class Ask : std::uint8_t { nothing, drain, stop };
std::string_view ask_name(Ask ask) noexcept;  // "", "drain" or "stop"

// True for a node that is neither gone nor lost.
bool is_up(const store::Node& node) noexcept;

// Returns the same list as Nodes::list(), for a caller that already has a connection.
std::vector<store::Node> nodes_in(db::Connection& connection);

struct FleetView {
    base::Milliseconds now = 0;  // the time on the database's clock
    std::vector<store::Node> nodes;
    std::vector<store::NodeDrain> drains;  // drains by node name, also for nodes that do not run
    std::vector<store::HeldLease> leases;
    store::UploadFigures uploads;
};

class Nodes {
public:
    static constexpr std::chrono::seconds kHeartbeatEvery{5};  // the interval of a running node's heartbeats
    static constexpr std::chrono::seconds kLookEvery{1};       // how often a node reads operators' requests
    // A node without a heartbeat for this time counts as lost.
    static constexpr std::chrono::seconds kLostAfter{20};
    // The row of a lost node is removed after this time.
    static constexpr std::chrono::hours kForgetAfter{24};
    // The row of a node that stopped cleanly is removed after this time.
    static constexpr std::chrono::minutes kForgetGoneAfter{10};
    // A drain is removed if no node of its name has run for this time. A later node of that name is another machine.
    static constexpr std::chrono::hours kForgetDrainAfter{30 * 24};

    explicit Nodes(db::Pool& catalog) : catalog_(catalog) {}

    // heartbeat.id: an id that the process made when it started.
    void heartbeat(const store::Heartbeat& heartbeat);
    void leave(const base::Ulid& id);
    void forget_old();

    // Returns the operator's request to the node, or Ask::nothing for a request that this version does not know.
    Ask asked(const base::Ulid& id, std::string_view name);
    // The time at which an operator began to drain a node of this name; the node may not be running.
    std::optional<base::Milliseconds> drain_asked_at(std::string_view name);

    // Writes an operator's request to a node, and an audit record of the command line. Returns false if the node no
    // longer has a row. A drain lasts until another request replaces it, even if the node restarts. If another node
    // with the same name is up, the drain ends with the node's process.
    bool ask(const store::Node& node, Ask what);
    // Ends the drain of a node; the node may not be running. Returns false if there is no such drain.
    bool end_drain(std::string_view name);

    // list() and view() require that the caller has checked that the actor is an administrator.
    std::vector<store::Node> list();
    FleetView view();

    // The figures that a node's metrics show.
    struct Figures {
        std::vector<std::string> leases;  // the leases that this node holds
        store::UploadFigures uploads;     // counts of the fleet's uploads
        store::Jobs::Figures jobs;        // counts of the fleet's jobs
    };
    Figures figures(const base::Ulid& id);
    std::int64_t used_bytes();  // the sum over all spaces; reads every space's row

private:
    db::Pool& catalog_;
};

}  // namespace bodega::app
