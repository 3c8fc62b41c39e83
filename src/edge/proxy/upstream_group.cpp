#include "edge/proxy/upstream_group.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kApp = "app";

}  // namespace

UpstreamGroup::UpstreamGroup(LoopContext& context, UpstreamPool::Limits limits)
    : context_(context), name_(kApp), meter_(context.meters.upstream(kApp)), least_connections_(false) {
    members_.push_back(std::make_unique<Member>(
        context.loop, context.buffer_pool, UpstreamAddress{context.options.app_socket, context.options.app_listener},
        limits, nullptr));
}

UpstreamGroup::UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, std::size_t loops)
    : context_(context),
      servers_(std::move(servers)),
      name_(servers_->settings.name),
      meter_(context.meters.upstream(name_)),
      least_connections_(servers_->settings.balance == "least_connections") {
    const config::Upstream& settings = servers_->settings;
    UpstreamPool::Limits limits;
    limits.connections = std::max<std::size_t>(1, static_cast<std::size_t>(settings.connections) / loops);
    limits.queue = (static_cast<std::size_t>(settings.queue) + loops - 1) / loops;
    limits.idle = settings.idle_timeout.count();
    limits.wait = settings.wait.count();
    limits.connect = settings.connect_timeout.count();
    for (auto& server : servers_->servers)
        members_.push_back(std::make_unique<Member>(context.loop, context.buffer_pool,
                                                    UpstreamAddress{{}, {}, server.get()}, limits, server.get()));
}

net::Moment UpstreamGroup::timeout() const noexcept {
    return servers_ ? servers_->settings.timeout.count() : context_.options.settings.upstream_timeout.count();
}

void UpstreamGroup::limit_to(const UpstreamPool::Limits& limits) { members_[0]->pool.limit_to(limits); }

UpstreamGroup::Member* UpstreamGroup::pick(Tried& tried) {
    std::size_t chosen = members_.size();
    if (members_.size() > 1) {
        chosen = next_of(tried, true);
        if (chosen == members_.size()) chosen = next_of(tried, false);
    } else if (tried == 0) {
        // A group's only server is tried even after recent failures, since there is no other; but not if its health
        // check fails.
        UpstreamServer* server = members_[0]->server;
        if (!server || server->is_healthy()) chosen = 0;
    }
    if (chosen == members_.size()) return nullptr;
    tried |= Tried{1} << chosen;
    if (members_[chosen]->server) members_[chosen]->server->use(context_.loop.now());
    return members_[chosen].get();
}

// Smooth weighted round robin: each member gains its weight; the member with the highest current weight is chosen and
// loses the total. With least_connections, only the least busy ones compete. Returns members_.size() if no
// member can be chosen.
std::size_t UpstreamGroup::next_of(Tried tried, bool only_usable) {
    std::size_t best = members_.size();
    int total = 0;
    const net::Moment now = context_.loop.now();
    for (std::size_t i = 0; i < members_.size(); ++i) {
        Member& member = *members_[i];
        if ((tried >> i & 1) != 0) continue;
        if (!(only_usable ? member.server->is_usable(now) : member.server->is_healthy())) continue;
        member.current_weight += member.server->weight();
        total += member.server->weight();
        if (best == members_.size() || is_before(member, *members_[best])) best = i;
    }
    if (best != members_.size()) members_[best]->current_weight -= total;
    return best;
}

bool UpstreamGroup::is_before(const Member& a, const Member& b) const noexcept {
    if (least_connections_) {
        int of_a = a.server->under_way() * b.server->weight(), of_b = b.server->under_way() * a.server->weight();
        if (of_a != of_b) return of_a < of_b;
    }
    return a.current_weight > b.current_weight;
}

void UpstreamGroup::failed(Member& member) {
    if (!member.server || !member.server->failed(context_.loop.now())) return;
    meter_.ejections.add();
    base::log::warn("edge", "an upstream server failed too often; not used for a while",
                    {{"upstream", name_},
                     {"server", member.server->name()},
                     {"seconds", servers_->settings.fail_timeout.count() / 1000}});
}

void UpstreamGroup::succeeded(Member& member) noexcept {
    if (member.server) member.server->succeeded();
}

}  // namespace bodega::edge
