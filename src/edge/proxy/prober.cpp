#include "edge/proxy/prober.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mutex.h"

namespace bodega::edge {
namespace {

using base::Steady;

constexpr std::chrono::seconds kStopWait{1};  // the longest time that stop() waits for the thread

// Waits until the socket is ready or broken. Returns false if the deadline has passed.
bool ready(int fd, short events, Steady::time_point deadline) {
    for (;;) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
        if (left <= 0) return false;
        pollfd one{fd, events, 0};
        int n = ::poll(&one, 1, static_cast<int>(left));
        if (n > 0) return true;
        if (n == 0 || errno != EINTR) return false;
    }
}

bool connected(const base::Fd& fd, const net::Endpoint& endpoint, Steady::time_point deadline) {
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.length) == 0) return true;
    if (errno != EINPROGRESS || !ready(fd.get(), POLLOUT, deadline)) return false;
    int error = 0;
    socklen_t length = sizeof error;
    return ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

// True if the host is neither a unix socket nor a literal address.
bool is_name(const std::string& host) {
    in6_addr address{};
    return !host.empty() && ::inet_pton(AF_INET, host.c_str(), &address) != 1 &&
           ::inet_pton(AF_INET6, host.c_str(), &address) != 1;
}

// True if the first line of the answer is HTTP/1 with a status from 200 to 399.
bool answers_health_check(const net::Endpoint& endpoint, const std::string& request, Steady::time_point deadline) {
    base::Fd fd(::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd || !connected(fd, endpoint, deadline)) return false;
    if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        return false;
    std::string answer;
    std::array<char, 256> bytes{};
    while (answer.size() < 13 && ready(fd.get(), POLLIN, deadline)) {
        ssize_t n = ::recv(fd.get(), bytes.data(), bytes.size(), 0);
        if (n <= 0) return false;
        answer.append(bytes.data(), static_cast<std::size_t>(n));
    }
    return answer.starts_with("HTTP/1.") && answer.size() >= 13 && answer[8] == ' ' &&
           (answer[9] == '2' || answer[9] == '3');
}

}  // namespace

struct Prober::State {
    std::shared_ptr<UpstreamServers> servers;
    net::Resolve resolve;
    base::Mutex mutex;
    base::Condition changed;
    bool stopping GUARDED_BY(mutex) = false;
    bool ended GUARDED_BY(mutex) = false;

    const config::Upstream& settings() const { return servers->settings; }

    void resolve_names() {
        for (auto& server : servers->servers) {
            if (server->where().host.empty()) continue;
            auto endpoints = resolve(server->where().host, server->where().port);
            if (endpoints.empty()) {
                base::log::warn("edge",
                                "an upstream server's name can't be resolved; its last known addresses stay in use",
                                {{"upstream", settings().name}, {"server", server->name()}});
            }
            server->set_endpoints(std::move(endpoints));
        }
    }

    void check_health() {
        const std::string& host = settings().health_host.empty() ? settings().name : settings().health_host;
        const std::string request = "GET " + settings().health_path + " HTTP/1.1\r\nHost: " + host +
                                    "\r\nUser-Agent: bodega-health\r\nConnection: close\r\n\r\n";
        for (auto& server : servers->servers) {
            auto deadline = Steady::now() + settings().connect_timeout;
            auto endpoints = server->endpoints();
            bool healthy = std::any_of(endpoints.begin(), endpoints.end(), [&](const net::Endpoint& endpoint) {
                return answers_health_check(endpoint, request, deadline);
            });
            if (healthy == server->is_healthy()) continue;
            server->set_healthy(healthy);
            base::log::warn(
                "edge", healthy ? "an upstream server is healthy again" : "an upstream server failed its health check",
                {{"upstream", settings().name}, {"server", server->name()}});
        }
    }

    bool has_names() const {
        return std::any_of(servers->servers.begin(), servers->servers.end(),
                           [](const auto& server) { return is_name(server->where().host); });
    }

    void run() {
        Steady::time_point names_at = Steady::now() + settings().resolve_interval, health_at = Steady::now();
        const bool health = !settings().health_path.empty();
        base::MutexLock lock(mutex);
        while (!stopping) {
            Steady::time_point next = health ? std::min(names_at, health_at) : names_at;
            if (changed.wait_until(mutex, next, [this]() REQUIRES(mutex) { return stopping; })) break;
            lock.unlock();
            if (health && Steady::now() >= health_at) {
                check_health();
                health_at = Steady::now() + settings().health_interval;
            }
            if (Steady::now() >= names_at) {
                resolve_names();
                names_at = Steady::now() + settings().resolve_interval;
            }
            lock.lock();
        }
        ended = true;
        changed.notify_all();
    }

    void stop() {
        const base::MutexLock lock(mutex);
        if (std::exchange(stopping, true)) return;
        changed.notify_all();
        changed.wait_for(mutex, kStopWait, [this]() REQUIRES(mutex) { return ended; });
    }
};

Prober::Prober(std::shared_ptr<UpstreamServers> servers, net::Resolve resolve) : state_(std::make_shared<State>()) {
    state_->servers = std::move(servers);
    state_->resolve = std::move(resolve);
    state_->resolve_names();
    if (!state_->has_names() && state_->settings().health_path.empty()) {
        state_->ended = true;
        return;
    }
    std::thread([state = state_] { state->run(); }).detach();
}

Prober::~Prober() { stop(); }

void Prober::stop() { state_->stop(); }

}  // namespace bodega::edge
