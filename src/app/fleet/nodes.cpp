#include "app/fleet/nodes.h"

#include <algorithm>
#include <array>

#include "app/auth/accounts.h"
#include "app/auth/audit.h"

namespace bodega::app {
namespace {

base::Milliseconds ms(std::chrono::milliseconds duration) { return duration.count(); }

constexpr std::array<std::string_view, 3> kAsks = {"", "drain", "stop"};
constexpr std::array<std::string_view, 3> kActs = {"node.undrain", "node.drain", "node.stop"};

// True if no other node with the same name is up.
bool is_only(db::Connection& connection, const store::Node& node) {
    return std::ranges::none_of(nodes_in(connection), [&](const store::Node& other) {
        return other.id != node.id && other.name == node.name && is_up(other);
    });
}

}  // namespace

bool is_up(const store::Node& node) noexcept { return node.state != "gone" && node.state != "lost"; }

std::vector<store::Node> nodes_in(db::Connection& connection) {
    return store::Nodes(connection).list(ms(Nodes::kLostAfter), ms(Nodes::kForgetGoneAfter));
}

std::string_view ask_name(Ask ask) noexcept { return kAsks[static_cast<std::size_t>(ask)]; }

void Nodes::heartbeat(const store::Heartbeat& heartbeat) {
    catalog_.transact([&](db::Connection& connection) { store::Nodes(connection).heartbeat(heartbeat); });
}

void Nodes::leave(const base::Ulid& id) {
    catalog_.transact([&](db::Connection& connection) { store::Nodes(connection).leave(id); });
}

void Nodes::forget_old() {
    catalog_.transact([](db::Connection& connection) {
        store::NodeDrains(connection).forget(ms(kForgetDrainAfter));
        store::Nodes(connection).forget(ms(kForgetAfter), ms(kForgetGoneAfter));
    });
}

Ask Nodes::asked(const base::Ulid& id, std::string_view name) {
    const std::string request =
        catalog_.read([&](db::Connection& connection) { return store::Nodes(connection).asked(id, name); });
    if (request == ask_name(Ask::drain)) return Ask::drain;
    return request == ask_name(Ask::stop) ? Ask::stop : Ask::nothing;
}

std::optional<base::Milliseconds> Nodes::drain_asked_at(std::string_view name) {
    return catalog_.read([&](db::Connection& connection) { return store::NodeDrains(connection).asked_at(name); });
}

bool Nodes::end_drain(std::string_view name) {
    return catalog_.transact([&](db::Connection& connection) {
        if (!store::NodeDrains(connection).remove(name)) return false;
        record(connection, console_actor(), kActs[static_cast<std::size_t>(Ask::nothing)], name, std::nullopt);
        return true;
    });
}

bool Nodes::ask(const store::Node& node, Ask what) {
    return catalog_.transact([&](db::Connection& connection) {
        if (!store::Nodes(connection).ask(node.id, ask_name(what))) return false;
        if (what == Ask::drain && is_only(connection, node)) store::NodeDrains(connection).put(node.name);
        if (what != Ask::drain) store::NodeDrains(connection).remove(node.name);
        record(connection, console_actor(), kActs[static_cast<std::size_t>(what)], node.name, node.id);
        return true;
    });
}

std::vector<store::Node> Nodes::list() { return catalog_.read(nodes_in); }

FleetView Nodes::view() {
    return catalog_.read([](db::Connection& connection) {
        store::Fleet fleet(connection);
        FleetView view;
        view.now = connection.now_ms();
        view.nodes = nodes_in(connection);
        view.drains = store::NodeDrains(connection).list();
        view.leases = fleet.leases();
        view.uploads = fleet.uploads();
        return view;
    });
}

Nodes::Figures Nodes::figures(const base::Ulid& id) {
    return catalog_.read([&](db::Connection& connection) {
        store::Fleet fleet(connection);
        Figures out;
        for (store::HeldLease& lease : fleet.leases())
            if (lease.owner == id) out.leases.push_back(std::move(lease.name));
        out.uploads = fleet.uploads();
        out.jobs = store::Jobs(connection).figures();
        return out;
    });
}

std::int64_t Nodes::used_bytes() {
    return catalog_.read([](db::Connection& connection) { return store::Fleet(connection).used_bytes(); });
}

}  // namespace bodega::app
