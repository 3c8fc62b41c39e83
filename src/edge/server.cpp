#include "edge/server.h"

#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <latch>
#include <thread>
#include <utility>

#include "base/log.h"
#include "edge/acceptor.h"
#include "edge/blob_folder.h"
#include "edge/connection_count.h"
#include "edge/file_pool.h"
#include "edge/listener.h"
#include "edge/site.h"
#include "edge/worker.h"

namespace bodega::edge {
namespace {

constexpr std::chrono::milliseconds kDrainLook{5};
constexpr std::chrono::milliseconds kHandshake{100};  // for connections that were being made when a drain began

std::size_t loop_count(int configured) {
    if (configured > 0) return static_cast<std::size_t>(configured);
    return std::max(1U, std::thread::hardware_concurrency());
}

// Signals are the main thread's business, and a write to a closed connection is an error code, not a SIGPIPE:
// sendfile(2) has no flag for that.
void block_signals() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
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

private:
    // One loop with its thread and what runs on it.
    struct Lane {
        Lane(Impl& server, UpstreamPool::Limits limits)
            : worker(server.options_, server.counters_),
              site(worker, server.blobs_, limits),
              acceptor(worker, server.count_) {
            worker.handler = &site;
            worker.files = server.files_.get();
        }
        Worker worker;
        Site site;
        Acceptor acceptor;
        std::thread thread;
    };

    void bind();
    void close_doors();
    void run_lane(Lane& lane);
    static void cut(Lane& lane);
    static void stop_when_empty(Lane& lane);
    UpstreamPool::Limits pool_limits(std::size_t loops) const;

    const Options options_;
    Counters counters_;
    ConnectionCount count_;
    BlobFolder blobs_;
    std::vector<Listener> listeners_;
    std::vector<std::string> urls_;
    std::unique_ptr<FilePool> files_;
    std::vector<std::unique_ptr<Lane>> lanes_;
};

Server::Impl::Impl(Options options)
    : options_(std::move(options)),
      count_(static_cast<std::size_t>(options_.settings.max_connections),
             static_cast<std::size_t>(options_.settings.max_connections_per_address)),
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
        lanes_.push_back(std::make_unique<Lane>(*this, pool_limits(loops)));
        for (const Listener& listener : listeners_) lanes_.back()->acceptor.listen(listener.fd.get());
    }
    for (std::unique_ptr<Lane>& lane : lanes_) lane->thread = std::thread(&Impl::run_lane, this, std::ref(*lane));
}

void Server::Impl::run_lane(Lane& lane) {
    block_signals();
    try {
        lane.worker.loop.run();
    } catch (const std::exception& e) {
        base::log::error("edge", "an event loop ended in an error", {{"error", e.what()}});
        std::terminate();  // its connections would hang for ever
    }
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

void Server::Impl::cut(Lane& lane) {
    lane.acceptor.stop(Acceptor::Backlog::leave);
    lane.worker.connections.cut_all();
    stop_when_empty(lane);
}

// Every wait of a cut connection returns at once, so all of them are gone by the next turn.
void Server::Impl::stop_when_empty(Lane& lane) {
    if (lane.worker.connections.size() == 0) return lane.worker.loop.stop();
    lane.worker.loop.post([&lane] { stop_when_empty(lane); });
}

void Server::Impl::stop() {
    for (std::unique_ptr<Lane>& lane : lanes_) {
        Lane* stopped = lane.get();
        stopped->worker.loop.post([stopped] { cut(*stopped); });
    }
    for (std::unique_ptr<Lane>& lane : lanes_)
        if (lane->thread.joinable()) lane->thread.join();
    if (files_) files_->stop();  // its threads post to the loops
    lanes_.clear();
    listeners_.clear();
}

Stats Server::Impl::stats() const {
    Stats out;
    out.accepted = counters_.accepted;
    out.refused = counters_.refused;
    out.requests = counters_.requests;
    out.bad_requests = counters_.bad_requests;
    out.open_connections = count_.total();
    out.upstream_failures = counters_.upstream_failures;
    out.upstream_retries = counters_.upstream_retries;
    out.cold_reads = counters_.cold_reads;
    return out;
}

Server::Server(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }

std::vector<std::string> Server::urls() const { return impl_->urls(); }

bool Server::drain(Duration limit) { return impl_->drain(limit); }

void Server::stop() { impl_->stop(); }

Stats Server::stats() const { return impl_->stats(); }

}  // namespace bodega::edge
