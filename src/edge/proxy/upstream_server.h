// One configured server of an upstream as all loops see it: where it is, how it does, how busy it is. Thread-safe.
//
// It is taken out after so many failures in a row, or when its health is asked for and it does not answer. When the
// time is over one request is let through, and no other until that one has come back well.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/route_parts.h"
#include "net/timer_wheel.h"

namespace bodega::edge {

struct Endpoint {
    sockaddr_storage address{};
    socklen_t length = 0;

    bool operator==(const Endpoint& other) const noexcept;
};

class UpstreamServer {
public:
    UpstreamServer(std::string name, config::UpstreamServer where, int max_fails, Moment fail_timeout);

    const std::string& name() const noexcept { return name_; }  // as configured
    const config::UpstreamServer& where() const noexcept { return where_; }
    int weight() const noexcept { return where_.weight; }

    // --- where: its addresses in turn; none: its name is not known (yet)
    std::optional<Endpoint> next_endpoint();
    std::vector<Endpoint> endpoints() const;
    std::size_t count_endpoints() const;
    void set_endpoints(std::vector<Endpoint> endpoints);  // none: the old ones stay
    // Changes with the addresses: connections to the old ones are not kept.
    std::uint32_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }

    // --- how it does
    bool is_healthy() const noexcept { return healthy_.load(std::memory_order_relaxed); }
    void set_healthy(bool healthy) noexcept { healthy_.store(healthy, std::memory_order_relaxed); }
    bool is_usable(Moment now) const noexcept;  // whether a request may go there
    void use(Moment now) noexcept;              // one goes
    bool failed(Moment now) noexcept;           // true: that took it out
    void succeeded() noexcept;

    // --- how busy
    int under_way() const noexcept { return under_way_.load(std::memory_order_relaxed); }
    class Use {  // one request's
    public:
        explicit Use(UpstreamServer& server) noexcept : server_(server) { ++server_.under_way_; }
        ~Use() { --server_.under_way_; }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        UpstreamServer& server_;
    };

private:
    const std::string name_;
    const config::UpstreamServer where_;
    const int max_fails_;
    const Moment fail_timeout_;

    mutable std::mutex mutex_;
    std::vector<Endpoint> endpoints_;  // protected by mutex_, as is next_
    std::size_t next_ = 0;
    std::atomic<std::uint32_t> generation_{0};

    std::atomic<bool> healthy_{true};
    std::atomic<int> fails_{0};
    std::atomic<Moment> out_until_{0};  // 0: it is in
    std::atomic<int> under_way_{0};
};

// The servers of one [[edge.upstreams]].
struct UpstreamServers {
    config::Upstream settings;
    std::vector<std::unique_ptr<UpstreamServer>> servers;
};
// Requires: rows that were checked.
std::shared_ptr<UpstreamServers> make_servers(const config::Upstream& row);

}  // namespace bodega::edge
