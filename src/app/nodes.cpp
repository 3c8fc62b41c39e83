#include "app/nodes.h"

#include <array>

#include "app/accounts.h"
#include "app/audit.h"

namespace bodega::app {
namespace {

base::Milliseconds ms(std::chrono::milliseconds duration) { return duration.count(); }

constexpr std::array<std::string_view, 3> kAsks = {"", "drain", "stop"};
constexpr std::array<std::string_view, 3> kActs = {"node.undrain", "node.drain", "node.stop"};

}  // namespace

bool is_up(const store::Node& node) noexcept { return node.state != "gone" && node.state != "lost"; }

std::vector<store::Node> nodes_in(db::Connection& connection) {
    return store::Nodes(connection).list(ms(Nodes::kLostAfter), ms(Nodes::kForgetGoneAfter));
}

std::string_view ask_name(Ask ask) noexcept { return kAsks[static_cast<std::size_t>(ask)]; }

void Nodes::beat(const store::Beat& beat) {
    catalog_.transact([&](db::Connection& connection) { store::Nodes(connection).beat(beat); });
}

void Nodes::leave(const base::Ulid& id) {
    catalog_.transact([&](db::Connection& connection) { store::Nodes(connection).leave(id); });
}

void Nodes::forget_old() {
    catalog_.transact(
        [](db::Connection& connection) { store::Nodes(connection).forget(ms(kForgetAfter), ms(kForgetGoneAfter)); });
}

Ask Nodes::asked(const base::Ulid& id) {
    const std::string word =
        catalog_.read([&](db::Connection& connection) { return store::Nodes(connection).asked(id); });
    if (word == ask_name(Ask::drain)) return Ask::drain;
    return word == ask_name(Ask::stop) ? Ask::stop : Ask::nothing;
}

bool Nodes::ask(const store::Node& node, Ask what) {
    return catalog_.transact([&](db::Connection& connection) {
        if (!store::Nodes(connection).ask(node.id, ask_name(what))) return false;
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
