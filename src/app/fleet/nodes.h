// The fleet in the catalog: this node's heartbeat, what operators ask of a node, and the list of all. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/pool.h"
#include "store/fleet/fleet.h"
#include "store/jobs/jobs.h"
#include "store/fleet/node_drains.h"
#include "store/fleet/nodes.h"

namespace bodega::app {

// What an operator wants of a node: to go on, to get no new callers, or that and its end.
enum class Ask : std::uint8_t { nothing, drain, stop };
std::string_view ask_name(Ask ask) noexcept;  // "", "drain", "stop"

// Neither gone nor lost.
bool is_up(const store::Node& node) noexcept;

// All there are, as Nodes::list() has them; for who has a connection of their own.
std::vector<store::Node> nodes_in(db::Connection& connection);

struct FleetView {
    base::Milliseconds now = 0;  // the database's
    std::vector<store::Node> nodes;
    std::vector<store::NodeDrain> drains;  // by name, whether such a node runs or not
    std::vector<store::HeldLease> leases;
    store::UploadFigures uploads;
};

class Nodes {
public:
    // How often a running node beats and how often it looks at what it is asked; after how long without a beat it
    // counts as lost; when the row of a lost one and of one that ended well goes.
    static constexpr std::chrono::seconds kBeatEvery{5};
    static constexpr std::chrono::seconds kLookEvery{1};
    static constexpr std::chrono::seconds kLostAfter{20};
    static constexpr std::chrono::hours kForgetAfter{24};
    static constexpr std::chrono::minutes kForgetGoneAfter{10};
    // A drain of a node that did not run for so long ends: the next machine of that name is another.
    static constexpr std::chrono::hours kForgetDrainAfter{30 * 24};

    explicit Nodes(db::Pool& catalog) : catalog_(catalog) {}

    // beat.id: of this run of the process, made at its start.
    void beat(const store::Beat& beat);
    void leave(const base::Ulid& id);
    void forget_old();

    // What this node is asked; a word that this version does not know is nothing.
    Ask asked(const base::Ulid& id, std::string_view name);
    // Since when a node of this name is to drain, running or not.
    std::optional<base::Milliseconds> drain_asked_at(std::string_view name);

    // Asks a node, and writes that down as the command line's act. False: it has no row any more. A drain holds over
    // restarts of the node, until it is asked for another thing; unless others that are up have its name.
    bool ask(const store::Node& node, Ask what);
    // Ends the drain of a node that may not run. False: there is none.
    bool end_drain(std::string_view name);

    // Requires, as view(): the caller checked that an administrator asks.
    std::vector<store::Node> list();
    FleetView view();

    // For a node's own metrics.
    struct Figures {
        std::vector<std::string> leases;  // that this node holds
        store::UploadFigures uploads;     // of the fleet
        store::Jobs::Figures jobs;        // of the fleet
    };
    Figures figures(const base::Ulid& id);
    std::int64_t used_bytes();  // looks at every space

private:
    db::Pool& catalog_;
};

}  // namespace bodega::app
