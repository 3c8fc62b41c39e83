#include "edge/loop_routes.h"

#include <utility>

#include "edge/exchange/answer.h"
#include "edge/proxy/whole_body.h"
#include "edge/routing/rate_limit.h"
#include "edge/routing/route_path.h"

namespace bodega::edge {
namespace {

// Redirects to the route's target. A "*" at the end of the target is replaced by the part of the request's path and
// query after the route's path.
void answer_redirect(Exchange& x, const ConfiguredRoute& rule) {
    std::string location = rule.target.what;
    if (location.ends_with('*')) {
        location.pop_back();
        std::string_view rest = behind_segments(x.request().target, count_segments(rule.path));
        while (location.ends_with('/') && rest.starts_with('/')) rest.remove_prefix(1);
        location.append(rest);
    }
    answer_error(x, rule.status, "This has moved to another address.", 0,
                 "Location: " + location + "\r\n" + rule.response.lines());
}

}  // namespace

LoopRoutes::LoopRoutes(LoopContext& context, std::shared_ptr<const RoutePlan> plan, UploadDispatcher& app,
                       FileHandler& files, std::size_t loops)
    : context_(context), plan_(std::move(plan)), app_(app), folders_(files) {
    for (const auto& [name, servers] : plan_->upstreams) {
        Upstream& made = upstreams_[name];
        made.group = std::make_unique<UpstreamGroup>(context, servers, loops);
        made.proxy = std::make_unique<Proxy>(context, *made.group, files);
    }
}

net::Task<void> LoopRoutes::handle(std::shared_ptr<LoopRoutes> self, Exchange& x, int rule_index, std::string path) {
    const ConfiguredRoute& rule = self->plan_->routing.rules()[static_cast<std::size_t>(rule_index)];
    x.stats().route = rule.name;
    if (rule.rate && !within_rate(self->context_, x, rule.scope, *rule.rate)) co_return;
    switch (rule.target.kind) {
        case config::RouteTarget::Kind::app: co_await self->app_.handle(x, &rule); co_return;
        case config::RouteTarget::Kind::upstream: co_await self->ask(x, rule); co_return;
        case config::RouteTarget::Kind::folder:
            co_await self->folders_.handle(x, rule, self->plan_->folders.at(rule.target.what), path);
            co_return;
        case config::RouteTarget::Kind::redirect: answer_redirect(x, rule); co_return;
    }
}

net::Task<void> LoopRoutes::ask(Exchange& x, const ConfiguredRoute& rule) {
    Proxy& proxy = *upstreams_.at(rule.target.what).proxy;
    if (!rule.buffers || WholeBody::is_here(context_, x)) {
        co_await proxy.handle(x, &rule);
        co_return;
    }
    WholeBody body(context_, x, proxy);
    bool whole = co_await body.take();
    if (!whole) co_return;
    Outgoing out = body.outgoing();
    co_await proxy.handle(x, &rule, &out);
}

}  // namespace bodega::edge
