#include "edge/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>

#include "edge/blob_folder.h"
#include "edge/connection_count.h"
#include "edge/file_pool.h"
#include "edge/lane.h"
#include "edge/listener.h"
#include "edge/metrics.h"
#include "edge/site.h"
#include "edge/trust.h"

namespace bodega::edge {
namespace {

constexpr std::chrono::milliseconds kDrainLook{5};
constexpr std::chrono::milliseconds kHandshake{100};  // for connections that were being made when a drain began

std::size_t loop_count(int configured) {
    if (configured > 0) return static_cast<std::size_t>(configured);
    return std::max(1U, std::thread::hardware_concurrency());
}

// Each connection may hold a socket, an upstream's and a file. The hard limit is the operator's to raise.
void raise_descriptor_limit(int connections) noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    rlim_t wanted = std::min<rlim_t>(limit.rlim_max, static_cast<rlim_t>(connections) * 2 + 1024);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

class Server::Impl {
public:
    explicit Impl(Options options);
    ~Impl() { stop(); }

    void start();
    bool drain(Duration limit);
    void stop();
    Stats stats() const;
    const std::vector<std::string>& urls() const { return urls_; }
    void write_metrics(base::Exposition& out) const;

private:
    void bind();
    void close_doors();
    std::unique_ptr<Lane> make_lane(UpstreamPool::Limits limits);
    UpstreamPool::Limits pool_limits(std::size_t loops) const;

    const Options options_;
    ConnectionCount count_;
    const Trust trust_;
    BlobFolder blobs_;
    std::vector<Listener> listeners_;
    std::vector<std::string> urls_;
    std::unique_ptr<FilePool> files_;
    mutable std::mutex lanes_mutex_;            // for who asks for numbers while lanes come or go
    std::vector<std::unique_ptr<Lane>> lanes_;  // changed under it
};

Server::Impl::Impl(Options options)
    : options_(std::move(options)),
      count_(static_cast<std::size_t>(options_.settings.max_connections),
             static_cast<std::size_t>(options_.settings.max_connections_per_address)),
      trust_(options_.settings),
      blobs_(options_.blobs_root) {}

UpstreamPool::Limits Server::Impl::pool_limits(std::size_t loops) const {
    UpstreamPool::Limits limits;
    limits.connections =
        std::max<std::size_t>(1, static_cast<std::size_t>(options_.settings.upstream_connections) / loops);
    limits.wait = options_.settings.upstream_wait.count();
    return limits;
}

void Server::Impl::bind() {
    std::vector<Listener> bound;
    for (const std::string& url : options_.settings.listen)
        for (Listener& listener : bind_listeners(parse_listen_address(url))) bound.push_back(std::move(listener));
    listeners_ = std::move(bound);
    for (const Listener& listener : listeners_) urls_.push_back(listener.url);
}

void Server::Impl::start() {
    bind();
    raise_descriptor_limit(options_.settings.max_connections);
    std::size_t loops = loop_count(options_.settings.loops);
    files_ = std::make_unique<FilePool>(options_.settings.file_threads);
    for (std::size_t i = 0; i < loops; ++i) {
        auto lane = make_lane(pool_limits(loops));
        const std::lock_guard lock(lanes_mutex_);
        lanes_.push_back(std::move(lane));
    }
    for (std::unique_ptr<Lane>& lane : lanes_) lane->start();
}

std::unique_ptr<Lane> Server::Impl::make_lane(UpstreamPool::Limits limits) {
    auto lane = std::make_unique<Lane>(options_, count_);
    lane->worker.files = files_.get();
    lane->worker.trust = &trust_;
    lane->answer_with(std::make_unique<Site>(lane->worker, blobs_, limits));
    for (const Listener& listener : listeners_) lane->acceptor.listen(listener.fd.get());
    return lane;
}

// Closing a listener resets the connections in its backlog, whose callers believe them made and have sent a request
// already. So: no new ones, accept those that there are, close.
void Server::Impl::close_doors() {
    for (const Listener& listener : listeners_) turn_newcomers_away(listener.fd.get());
    std::this_thread::sleep_for(kHandshake);
    std::latch closed(static_cast<std::ptrdiff_t>(lanes_.size()));
    for (std::unique_ptr<Lane>& lane : lanes_) {
        Lane* drained = lane.get();
        drained->worker.loop.post([drained, &closed] {
            drained->acceptor.stop(Acceptor::Backlog::take);
            closed.count_down();
        });
    }
    closed.wait();
    listeners_.clear();
}

bool Server::Impl::drain(Duration limit) {
    for (std::unique_ptr<Lane>& lane : lanes_) {
        Lane* drained = lane.get();
        drained->worker.loop.post([drained] {
            drained->worker.draining = true;
            drained->worker.connections.end_idle();
        });
    }
    auto deadline = std::chrono::steady_clock::now() + limit;
    close_doors();
    while (count_.total() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(kDrainLook);
    bool clean = count_.total() == 0;
    stop();
    return clean;
}

void Server::Impl::stop() {
    for (std::unique_ptr<Lane>& lane : lanes_) lane->begin_stop();
    for (std::unique_ptr<Lane>& lane : lanes_) lane->join();
    if (files_) files_->stop();  // its threads post to the loops
    const std::lock_guard lock(lanes_mutex_);
    lanes_.clear();
    listeners_.clear();
}

Stats Server::Impl::stats() const {
    const std::lock_guard lock(lanes_mutex_);
    Stats out;
    for (const std::unique_ptr<Lane>& lane : lanes_) add_to(out, lane->worker.counters);
    out.open_connections = count_.total();
    return out;
}

void Server::Impl::write_metrics(base::Exposition& out) const {
    Stats sums = stats();
    const std::lock_guard lock(lanes_mutex_);
    std::vector<const Worker*> workers;
    for (const std::unique_ptr<Lane>& lane : lanes_) workers.push_back(&lane->worker);
    edge::write_metrics(out, workers, sums);
}

Server::Server(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }

std::vector<std::string> Server::urls() const { return impl_->urls(); }

bool Server::drain(Duration limit) { return impl_->drain(limit); }

void Server::stop() { impl_->stop(); }

Stats Server::stats() const { return impl_->stats(); }

void Server::write_metrics(base::Exposition& out) const { impl_->write_metrics(out); }

}  // namespace bodega::edge
