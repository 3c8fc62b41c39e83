#include "app/nodes.h"

namespace bodega::app {
namespace {

base::Milliseconds ms(std::chrono::milliseconds duration) { return duration.count(); }

}  // namespace

void Nodes::beat(const base::Ulid& id, std::string_view name, std::string_view version, std::string_view state) {
    services_.catalog.transact([&](db::Connection& connection) {
        store::Nodes nodes(connection);
        nodes.beat(id, name, version, state);
        nodes.remove_silent(ms(kForgetAfter));
    });
}

void Nodes::leave(const base::Ulid& id) {
    services_.catalog.transact([&](db::Connection& connection) { store::Nodes(connection).remove(id); });
}

std::vector<store::Node> Nodes::list() {
    return services_.catalog.read(
        [](db::Connection& connection) { return store::Nodes(connection).list(ms(kLostAfter)); });
}

}  // namespace bodega::app
