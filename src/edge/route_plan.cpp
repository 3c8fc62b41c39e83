#include "edge/route_plan.h"

namespace bodega::edge {

RoutePlan::RoutePlan(const config::Edge& settings, net::Resolve resolve) : routing(settings.routes) {
    for (const config::Upstream& row : settings.upstreams) {
        auto servers = make_servers(row);
        probers.push_back(std::make_unique<Prober>(servers, resolve));
        upstreams.emplace(row.name, std::move(servers));
    }
    for (const ConfiguredRoute& rule : routing.rules()) {
        if (rule.target.kind != config::RouteTarget::Kind::folder) continue;
        std::shared_ptr<const BlobFolder>& folder = folders[rule.target.what];
        if (!folder) folder = std::make_shared<const BlobFolder>(rule.target.what, BlobFolder::Names::any);
    }
}

}  // namespace bodega::edge
