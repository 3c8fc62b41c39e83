#include "edge/proxy/upstream_server.h"

#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace bodega::edge {

UpstreamServer::UpstreamServer(std::string name, config::UpstreamServer where, int max_fails, net::Moment fail_timeout)
    : name_(std::move(name)), where_(std::move(where)), max_fails_(max_fails), fail_timeout_(fail_timeout) {
    if (where_.socket.empty()) return;
    net::Endpoint endpoint;
    auto* address = reinterpret_cast<sockaddr_un*>(&endpoint.address);
    address->sun_family = AF_UNIX;
    where_.socket.copy(address->sun_path, sizeof address->sun_path - 1);
    endpoint.length = sizeof(sockaddr_un);
    endpoints_.push_back(endpoint);
}

std::optional<net::Endpoint> UpstreamServer::next_endpoint() {
    const base::MutexLock lock(mutex_);
    if (endpoints_.empty()) return std::nullopt;
    next_ = (next_ + 1) % endpoints_.size();
    return endpoints_[next_];
}

std::vector<net::Endpoint> UpstreamServer::endpoints() const {
    const base::MutexLock lock(mutex_);
    return endpoints_;
}

std::size_t UpstreamServer::count_endpoints() const {
    const base::MutexLock lock(mutex_);
    return endpoints_.size();
}

void UpstreamServer::set_endpoints(std::vector<net::Endpoint> endpoints) {
    const base::MutexLock lock(mutex_);
    // Ignores the order, since name servers rotate it with each query.
    bool same = std::is_permutation(endpoints.begin(), endpoints.end(), endpoints_.begin(), endpoints_.end());
    if (endpoints.empty() || same) return;
    endpoints_ = std::move(endpoints);
    generation_.fetch_add(1, std::memory_order_release);
}

bool UpstreamServer::is_usable(net::Moment now) const noexcept {
    return is_healthy() && now >= out_until_.load(std::memory_order_relaxed);
}

void UpstreamServer::use(net::Moment now) noexcept {
    net::Moment until = out_until_.load(std::memory_order_relaxed);
    if (until != 0 && now >= until) out_until_.compare_exchange_strong(until, now + fail_timeout_);
}

bool UpstreamServer::failed(net::Moment now) noexcept {
    if (max_fails_ == 0 || fails_.fetch_add(1, std::memory_order_relaxed) + 1 < max_fails_) return false;
    return out_until_.exchange(now + fail_timeout_, std::memory_order_relaxed) == 0;
}

void UpstreamServer::succeeded() noexcept {
    if (fails_.load(std::memory_order_relaxed) == 0) return;
    fails_.store(0, std::memory_order_relaxed);
    out_until_.store(0, std::memory_order_relaxed);
}

std::shared_ptr<UpstreamServers> make_servers(const config::Upstream& row) {
    auto out = std::make_shared<UpstreamServers>();
    out->settings = row;
    for (const std::string& text : row.servers) {
        auto where = config::parse_upstream_server(text);
        if (!where) continue;
        std::string name = text.substr(0, text.find(' '));
        out->servers.push_back(std::make_unique<UpstreamServer>(std::move(name), std::move(*where), row.max_fails,
                                                                row.fail_timeout.count()));
    }
    return out;
}

}  // namespace bodega::edge
