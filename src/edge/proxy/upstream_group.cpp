#include "edge/proxy/upstream_group.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace bodega::edge {
namespace {

// The app as an upstream with one server. The server is never probed and never taken out of use, since there is no
// other.
std::shared_ptr<UpstreamServers> app_as_servers() {
    auto out = std::make_shared<UpstreamServers>();
    out->settings.name = "app";
    out->servers.push_back(std::make_unique<UpstreamServer>(std::string(), config::UpstreamServer{}, 0, 0));
    return out;
}

UpstreamPool::Limits limits_of(const config::Upstream& settings, std::size_t loops) {
    UpstreamPool::Limits limits;
    limits.connections = std::max<std::size_t>(1, static_cast<std::size_t>(settings.connections) / loops);
    limits.queue = (static_cast<std::size_t>(settings.queue) + loops - 1) / loops;
    limits.idle = settings.idle_timeout.count();
    limits.wait = settings.wait.count();
    limits.connect = settings.connect_timeout.count();
    return limits;
}

}  // namespace

UpstreamGroup::UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, bool is_app)
    : context_(context),
      servers_(std::move(servers)),
      is_app_(is_app),
      name_(servers_->settings.name),
      meter_(context.meters.upstream(name_)),
      least_connections_(servers_->settings.balance == "least_connections") {}

UpstreamGroup::UpstreamGroup(LoopContext& context, UpstreamPool::Limits limits)
    : UpstreamGroup(context, app_as_servers(), true) {
    members_.push_back(std::make_unique<Member>(context, UpstreamAddress::of_app(context.options), limits,
                                                *servers_->servers.front()));
}

UpstreamGroup::UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, std::size_t loops)
    : UpstreamGroup(context, std::move(servers), false) {
    const UpstreamPool::Limits limits = limits_of(servers_->settings, loops);
    for (auto& server : servers_->servers)
        members_.push_back(std::make_unique<Member>(context, UpstreamAddress(*server), limits, *server));
}

net::Moment UpstreamGroup::timeout() const noexcept {
    return is_app_ ? context_.options.settings.upstream_timeout.count() : servers_->settings.timeout.count();
}

void UpstreamGroup::limit_to(const UpstreamPool::Limits& limits) { members_[0]->pool.limit_to(limits); }

UpstreamGroup::Member* UpstreamGroup::pick(Tried& tried) {
    std::size_t chosen = members_.size();
    if (members_.size() > 1) {
        chosen = next_of(tried, true);
        if (chosen == members_.size()) chosen = next_of(tried, false);
    } else if (tried == 0) {
        // The only server of a group is tried even after recent failures, since there is no other. But it is not tried
        // if its health check fails.
        if (members_[0]->server.is_healthy()) chosen = 0;
    }
    if (chosen == members_.size()) return nullptr;
    tried |= Tried{1} << chosen;
    members_[chosen]->server.use(context_.loop.now());
    return members_[chosen].get();
}

// Smooth weighted round robin. Each member's current weight grows by its weight. The member with the highest current
// weight is chosen, and its current weight is reduced by the sum of all weights. With least_connections, only the least
// busy members can be chosen. Returns members_.size() if no member can be chosen.
std::size_t UpstreamGroup::next_of(Tried tried, bool only_usable) {
    std::size_t best = members_.size();
    int total = 0;
    const net::Moment now = context_.loop.now();
    for (std::size_t i = 0; i < members_.size(); ++i) {
        Member& member = *members_[i];
        if ((tried >> i & 1) != 0) continue;
        if (!(only_usable ? member.server.is_usable(now) : member.server.is_healthy())) continue;
        member.current_weight += member.server.weight();
        total += member.server.weight();
        if (best == members_.size() || is_before(member, *members_[best])) best = i;
    }
    if (best != members_.size()) members_[best]->current_weight -= total;
    return best;
}

bool UpstreamGroup::is_before(const Member& a, const Member& b) const noexcept {
    if (least_connections_) {
        int of_a = a.server.under_way() * b.server.weight(), of_b = b.server.under_way() * a.server.weight();
        if (of_a != of_b) return of_a < of_b;
    }
    return a.current_weight > b.current_weight;
}

void UpstreamGroup::failed(Member& member) {
    if (!member.server.failed(context_.loop.now())) return;
    meter_.ejections.add();
    base::log::warn("edge", "an upstream server failed too often; not used for a while",
                    {{"upstream", name_},
                     {"server", member.server.name()},
                     {"seconds", servers_->settings.fail_timeout.count() / 1000}});
}

void UpstreamGroup::succeeded(Member& member) noexcept { member.server.succeeded(); }

}  // namespace bodega::edge
