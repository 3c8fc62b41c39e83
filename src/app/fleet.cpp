#include "app/fleet.h"

#include <unistd.h>

#include <array>
#include <utility>

namespace bodega::app {
namespace {

constexpr base::Milliseconds kDay = 24 * 3600 * 1000;
constexpr std::size_t kMaxName = 255;

std::string host_name() {
    std::array<char, kMaxName + 1> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "bodega";
    return name.data();
}

}  // namespace

std::vector<store::Node> list_nodes(const Services& services) {
    return services.catalog.read([](db::Connection& c) { return store::Nodes(c).list(kNodeIsGoneAfter); });
}

Presence::Presence(const Services& services, std::string name, std::string version) : services_(services) {
    node_.id = base::Ulid::make();
    node_.name = name.empty() ? host_name() : std::move(name);
    node_.version = std::move(version);
    node_.state = "starting";
}

void Presence::set_state(std::string_view state) {
    {
        std::lock_guard lock(mutex_);
        node_.state = state;
    }
    beat();
}

void Presence::beat() {
    std::lock_guard lock(mutex_);
    if (left_) return;
    services_.catalog.transact([&](db::Connection& connection) {
        store::Nodes nodes(connection);
        nodes.announce(node_);
        nodes.forget(kDay);
    });
}

void Presence::leave() {
    std::lock_guard lock(mutex_);
    left_ = true;
    services_.catalog.transact([&](db::Connection& connection) { store::Nodes(connection).remove(node_.id); });
}

}  // namespace bodega::app
