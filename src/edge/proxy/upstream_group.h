// The servers of one upstream on one loop. Chooses the next server, and has a connection pool for each server.
//
// The app is a group with one server. Belongs to its loop's thread. All loops share the state of a server
// (UpstreamServer).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "edge/exchange/loop_context.h"
#include "edge/observe/meters.h"
#include "edge/proxy/upstream_pool.h"
#include "edge/proxy/upstream_server.h"

namespace bodega::edge {

class UpstreamGroup {
public:
    struct Member {
        Member(LoopContext& context, UpstreamAddress address, UpstreamPool::Limits limits, UpstreamServer& to)
            : pool(context.loop, context.buffer_pool, std::move(address), limits), server(to) {}

        UpstreamPool pool;
        UpstreamServer& server;
        int current_weight = 0;
    };

    // A group for the app. Requires: the context outlives the group.
    UpstreamGroup(LoopContext& context, UpstreamPool::Limits limits);
    // A group for a configured upstream. loops: the number of loops that share its connections.
    UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, std::size_t loops);

    const std::string& name() const noexcept { return name_; }
    UpstreamMeter& meter() const noexcept { return meter_; }
    // Milliseconds: the answer has to begin within this time, and no pause between two reads of it may be longer.
    net::Moment timeout() const noexcept;
    bool is_app() const noexcept { return is_app_; }

    void limit_to(const UpstreamPool::Limits& limits);  // requires: is_app()

    // The members that a request has already tried, one bit for each. A request tries each member at most once.
    using Tried = std::uint64_t;
    static constexpr std::size_t kMax = 64;
    // Returns the next member, chosen by the setting `balance`. Returns nullptr if all members were tried or can't be
    // used.
    Member* pick(Tried& tried);

    void failed(Member& member);
    void succeeded(Member& member) noexcept;

private:
    UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, bool is_app);
    std::size_t next_of(Tried tried, bool only_usable);
    bool is_before(const Member& a, const Member& b) const noexcept;

    LoopContext& context_;
    // Never null. For a configured upstream the owners are the groups of all loops and the prober; for the app, only
    // this group.
    const std::shared_ptr<UpstreamServers> servers_;
    const bool is_app_;
    const std::string name_;
    UpstreamMeter& meter_;
    const bool least_connections_;
    std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace bodega::edge
