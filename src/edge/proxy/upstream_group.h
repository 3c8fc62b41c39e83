// The servers of one upstream on one loop: picks the next server, and has a connection pool for each.
//
// The app is a group with one server. Belongs to its loop's thread; the loops share each server's state in
// UpstreamServer.
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

    // For the app. The context outlives the group.
    UpstreamGroup(LoopContext& context, UpstreamPool::Limits limits);
    // For a configured upstream. `loops`: the number of loops that share its connections.
    UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, std::size_t loops);

    const std::string& name() const noexcept { return name_; }
    UpstreamMeter& meter() const noexcept { return meter_; }
    net::Moment timeout() const noexcept;  // for an answer to begin, and between two reads of it; ms
    bool is_app() const noexcept { return is_app_; }

    void limit_to(const UpstreamPool::Limits& limits);  // Requires: is_app()

    // The members that a request has tried, one bit each: each is tried once.
    using Tried = std::uint64_t;
    static constexpr std::size_t kMost = 64;
    // Returns the next member by the group's balance; nullptr: all were tried, or can't be used.
    Member* pick(Tried& tried);

    void failed(Member& member);
    void succeeded(Member& member) noexcept;

private:
    UpstreamGroup(LoopContext& context, std::shared_ptr<UpstreamServers> servers, bool is_app);
    std::size_t next_of(Tried tried, bool only_usable);
    bool is_before(const Member& a, const Member& b) const noexcept;

    LoopContext& context_;
    // Not null. A configured upstream's owners: the groups of all loops, and the prober. The app's: this group.
    const std::shared_ptr<UpstreamServers> servers_;
    const bool is_app_;
    const std::string name_;
    UpstreamMeter& meter_;
    const bool least_connections_;
    std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace bodega::edge
