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

// What an operator wants of a node: to run normally, to get no new clients, or to drain and then stop.
enum class Ask : std::uint8_t { nothing, drain, stop };
std::string_view ask_name(Ask ask) noexcept;  // "", "drain", "stop"

// True for a node that is neither gone nor lost.
bool is_up(const store::Node& node) noexcept;

// The same list as Nodes::list(), for a caller that has a connection already.
std::vector<store::Node> nodes_in(db::Connection& connection);

struct FleetView {
    base::Milliseconds now = 0;  // the database's clock
    std::vector<store::Node> nodes;
    std::vector<store::NodeDrain> drains;  // by node name, whether that node runs or not
    std::vector<store::HeldLease> leases;
    store::UploadFigures uploads;
};

class Nodes {
public:
    // The intervals of a running node's heartbeats and of its reads of operators' requests; the time without a
    // heartbeat after which a node counts as lost; the times after which the row of a lost node, and of a node that
    // stopped cleanly, is removed.
    static constexpr std::chrono::seconds kHeartbeatEvery{5};
    static constexpr std::chrono::seconds kLookEvery{1};
    static constexpr std::chrono::seconds kLostAfter{20};
    static constexpr std::chrono::hours kForgetAfter{24};
    static constexpr std::chrono::minutes kForgetGoneAfter{10};
    // A drain is removed after this time without a running node of its name: the next machine of that name is another
    // one.
    static constexpr std::chrono::hours kForgetDrainAfter{30 * 24};

    explicit Nodes(db::Pool& catalog) : catalog_(catalog) {}

    // heartbeat.id: an id of this run of the process, made at its start.
    void heartbeat(const store::Heartbeat& heartbeat);
    void leave(const base::Ulid& id);
    void forget_old();

    // What an operator has asked of this node. A request that this version does not know counts as nothing.
    Ask asked(const base::Ulid& id, std::string_view name);
    // The time since which a node of this name has to drain, whether it runs or not.
    std::optional<base::Milliseconds> drain_asked_at(std::string_view name);

    // Writes an operator's request to a node, and an audit record of the command line. False: the node has no row any
    // more. A drain survives restarts of the node until another request, unless another node that is up has the same
    // name.
    bool ask(const store::Node& node, Ask what);
    // Ends the drain of a node, whether it runs or not. False: there is no such drain.
    bool end_drain(std::string_view name);

    // Requires, for list() and view(): the caller has checked that the actor is an administrator.
    std::vector<store::Node> list();
    FleetView view();

    // The figures that a node's metrics show.
    struct Figures {
        std::vector<std::string> leases;  // that this node holds
        store::UploadFigures uploads;     // of the fleet
        store::Jobs::Figures jobs;        // of the fleet
    };
    Figures figures(const base::Ulid& id);
    std::int64_t used_bytes();  // reads every space's row

private:
    db::Pool& catalog_;
};

}  // namespace bodega::app
