// The servers of one upstream on one loop: which of them is next, and a pool of connections to each.
//
// The app is a group of one. Belongs to its loop's thread; what loops share of a server is in UpstreamServer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "edge/observe/meters.h"
#include "edge/proxy/upstream.h"
#include "edge/proxy/upstream_server.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class UpstreamGroup {
public:
    struct Member {
        Member(Loop& loop, Blocks& blocks, UpstreamAddress address, UpstreamPool::Limits limits, UpstreamServer* to)
            : pool(loop, blocks, std::move(address), limits), server(to) {}

        UpstreamPool pool;
        UpstreamServer* const server;  // nullptr: the app
        int current_weight = 0;
    };

    // The app. The worker outlives the group.
    UpstreamGroup(Worker& worker, UpstreamPool::Limits limits);
    // A configured one. `loops`: among how many its connections are shared out.
    UpstreamGroup(Worker& worker, std::shared_ptr<UpstreamServers> servers, std::size_t loops);

    const std::string& name() const noexcept { return name_; }
    UpstreamMeter& meter() const noexcept { return meter_; }
    Moment timeout() const noexcept;  // for an answer to begin, and between two reads of it
    bool is_app() const noexcept { return !servers_; }

    void limit_to(const UpstreamPool::Limits& limits);  // Requires: is_app()

    // Which members a request has tried, a bit each: each is tried once.
    using Tried = std::uint64_t;
    static constexpr std::size_t kMost = 64;
    // The next one by the group's balance; nullptr: all were tried, or are known to be of no use.
    Member* pick(Tried& tried);

    void failed(Member& member);
    void succeeded(Member& member) noexcept;

private:
    std::size_t next_of(Tried tried, bool only_usable);
    bool is_before(const Member& a, const Member& b) const noexcept;

    Worker& worker_;
    const std::shared_ptr<UpstreamServers> servers_;  // owners: the groups of all loops, and the prober
    const std::string name_;
    UpstreamMeter& meter_;
    const bool least_connections_;
    std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace bodega::edge
