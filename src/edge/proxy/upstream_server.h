// One configured server of an upstream: its addresses, its health and its load. All loops share it. Thread-safe.
//
// The server is taken out of use after max_fails failures in a row, or when a health check fails. After fail_timeout
// one request may try the server. Other requests use it again only after that request has succeeded.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "config/config.h"
#include "config/route_parts.h"
#include "net/resolve.h"
#include "net/timer_wheel.h"

namespace bodega::edge {

class UpstreamServer {
public:
    UpstreamServer(std::string name, config::UpstreamServer where, int max_fails, net::Moment fail_timeout);

    const std::string& name() const noexcept { return name_; }  // the configured name
    const config::UpstreamServer& where() const noexcept { return where_; }
    int weight() const noexcept { return where_.weight; }

    // --- addresses, used one after the other; no address while the name can't be resolved
    std::optional<net::Endpoint> next_endpoint();
    std::vector<net::Endpoint> endpoints() const;
    std::size_t count_endpoints() const;
    void set_endpoints(std::vector<net::Endpoint> endpoints);  // does nothing if the list is empty
    // Changes when the addresses change. A connection that was opened before a change is not used again.
    std::uint32_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }

    // --- health
    bool is_healthy() const noexcept { return healthy_.load(std::memory_order_relaxed); }
    void set_healthy(bool healthy) noexcept { healthy_.store(healthy, std::memory_order_relaxed); }
    bool is_usable(net::Moment now) const noexcept;  // true if the server may get a request
    void use(net::Moment now) noexcept;              // records that the server gets a request
    bool failed(net::Moment now) noexcept;           // returns true if this failure took the server out of use
    void succeeded() noexcept;

    // --- load
    int under_way() const noexcept { return under_way_.load(std::memory_order_relaxed); }
    // Counts one request in under_way() while the Use exists.
    class Use {
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
    const net::Moment fail_timeout_;

    mutable base::Mutex mutex_;
    std::vector<net::Endpoint> endpoints_ GUARDED_BY(mutex_);
    std::size_t next_ GUARDED_BY(mutex_) = 0;
    std::atomic<std::uint32_t> generation_{0};

    std::atomic<bool> healthy_{true};
    std::atomic<int> fails_{0};
    std::atomic<net::Moment> out_until_{0};  // time of the next attempt; 0: the server is not out of use
    std::atomic<int> under_way_{0};
};

// The servers of one entry of [[edge.upstreams]].
struct UpstreamServers {
    config::Upstream settings;
    std::vector<std::unique_ptr<UpstreamServer>> servers;
};
// Requires: the configuration's checks accepted the row.
std::shared_ptr<UpstreamServers> make_servers(const config::Upstream& row);

}  // namespace bodega::edge
