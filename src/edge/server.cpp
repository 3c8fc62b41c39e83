#include "edge/server.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <iterator>
#include <latch>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "config/change.h"
#include "edge/files/blob_folder.h"
#include "edge/exchange/connection_count.h"
#include "edge/exchange/error_pages.h"
#include "net/file_pool.h"
#include "edge/event_loop_thread.h"
#include "net/listener.h"
#include "edge/metrics.h"
#include "edge/routing/rate_limiter.h"
#include "edge/route_plan.h"
#include "edge/request_router.h"
#include "edge/proxy/spool.h"
#include "edge/tls/tls.h"
#include "edge/routing/trust.h"

namespace bodega::edge {
namespace {

constexpr std::chrono::milliseconds kDrainLook{5};
constexpr std::chrono::milliseconds kHandshake{100};  // for connections that were being made when a drain began
// For one more request on an idle connection, whose answer then says that it closes: a client that sends it while we
// close would have to guess whether it was received. Nobody waits for a process that another has replaced.
constexpr std::chrono::milliseconds kLastRequest{1000};
constexpr std::chrono::milliseconds kLastRequestToReplaced{5000};
// So long before a drain's limit, or half of it, uploads end that another process can go on with: kept as far as they
// came, and let go of, so that nobody has to wait until this one counts as lost.
constexpr std::chrono::milliseconds kPartsEnd{3000};

void end_parts(Lane& lane) {
    lane.worker.ends_parts = true;
    lane.worker.connections.look_around();
}

std::size_t loop_count(int configured) {
    if (configured > 0) return static_cast<std::size_t>(configured);
    return std::max(1U, std::thread::hardware_concurrency());
}

bool is_secure(const config::Edge& settings) {
    return std::any_of(settings.listen.begin(), settings.listen.end(),
                       [](const std::string& listener) { return parse_listen_address(listener).manner.secure; });
}

bool limits_rates(const config::Edge& settings) {
    return !settings.rate_limit.empty() ||
           std::any_of(settings.routes.begin(), settings.routes.end(),
                       [](const config::Route& row) { return !row.rate_limit.empty(); });
}

bool buffers_bodies(const config::Edge& settings) {
    return std::any_of(settings.routes.begin(), settings.routes.end(), [](const config::Route& row) {
        return row.request_body == "buffer" && row.to.starts_with("upstream:");
    });
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
    void open();
    void reload(const config::Edge& settings);
    bool drain(Duration limit, Doors doors);
    bool answers(Duration limit) const;
    std::vector<base::ListeningSocket> sockets() const;
    void stop();
    Stats stats() const;
    Traffic traffic() const;
    const std::vector<std::string>& urls() const { return urls_; }
    void write_metrics(base::Exposition& out) const;
    Tls& tls() noexcept { return tls_; }

private:
    void bind();
    void listen_on(std::vector<Listener> listeners);
    std::vector<Listener> bind_new(const std::vector<std::string>& listen) const;
    std::vector<Listener> taken_over(const ListenAddress& address, const std::vector<std::string>& listen) const;
    std::uint16_t secure_port(const std::vector<std::string>& listen, const std::vector<Listener>& added) const;
    std::vector<Listener> take_gone(const std::vector<std::string>& listen);
    void close(std::vector<Listener> gone);
    void follow(Lane& lane, const ErrorPages& pages, bool other_routes, const std::vector<Listener>& added);
    void follow_spool(const config::Edge& settings);
    void close_doors(Doors doors);
    void post_to_all(const std::function<void(Lane&)>& call) const;
    std::unique_ptr<Lane> make_lane(std::size_t loops);
    void open(Lane& lane) const;
    UpstreamPool::Limits pool_limits(std::size_t loops) const;
    std::size_t memory_of_loop() const;
    std::size_t file_memory_of_loop() const;

    Options options_;  // each lane has a copy, since a reload changes the settings
    ConnectionCount count_;
    std::unique_ptr<const Trust> trust_;
    const ErrorPages error_pages_;
    std::shared_ptr<const BlobFolder> blobs_;
    std::shared_ptr<const RoutePlan> plan_;
    std::vector<Listener> listeners_;
    std::vector<std::string> urls_;
    Spool spool_;
    std::unique_ptr<FilePool> files_;
    Tls tls_;
    std::unique_ptr<RateLimiter> limiter_;      // null: nothing is limited
    mutable std::mutex lanes_mutex_;            // for who asks for numbers while lanes come or go
    std::vector<std::unique_ptr<Lane>> lanes_;  // changed under it
    std::map<const Lane*, Site*> sites_;        // the lanes' handlers
};

Server::Impl::Impl(Options options)
    : options_(std::move(options)),
      count_(static_cast<std::size_t>(options_.settings.max_connections),
             static_cast<std::size_t>(options_.settings.max_connections_per_address)),
      trust_(std::make_unique<const Trust>(options_.settings)),
      error_pages_(options_.settings.error_pages),
      blobs_(std::make_shared<const BlobFolder>(options_.blobs_root)) {}

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
        for (Listener& listener : bind_listeners(parse_listen_address(url), options_.inherited.get()))
            bound.push_back(std::move(listener));
    if (is_secure(options_.settings)) tls_.adopt(tls_.load(options_.settings));
    listen_on(std::move(bound));
}

void Server::Impl::listen_on(std::vector<Listener> listeners) {
    listeners_ = std::move(listeners);
    urls_.clear();
    for (const Listener& listener : listeners_) urls_.push_back(listener.url);
}

void Server::Impl::start() {
    follow_spool(options_.settings);
    bind();
    raise_descriptor_limit(options_.settings.max_connections);
    std::size_t loops = loop_count(options_.settings.loops);
    plan_ = std::make_shared<const RoutePlan>(options_.settings, options_.resolve);
    if (limits_rates(options_.settings)) limiter_ = std::make_unique<RateLimiter>();
    files_ = std::make_unique<FilePool>(options_.settings.file_threads);
    for (std::size_t i = 0; i < loops; ++i) {
        auto lane = make_lane(loops);
        const std::lock_guard lock(lanes_mutex_);
        lanes_.push_back(std::move(lane));
    }
    for (std::unique_ptr<Lane>& lane : lanes_) lane->start();
}

void Server::Impl::follow_spool(const config::Edge& settings) {
    Spool next;
    next.follow(settings.spool_dir, settings.spool_limit);
    if (buffers_bodies(settings)) next.check();
    spool_.follow(settings.spool_dir, settings.spool_limit);
}

std::size_t Server::Impl::memory_of_loop() const {
    return static_cast<std::size_t>(options_.settings.max_memory) / loop_count(options_.settings.loops);
}

std::size_t Server::Impl::file_memory_of_loop() const {
    return static_cast<std::size_t>(options_.settings.file_memory) / loop_count(options_.settings.loops);
}

std::unique_ptr<Lane> Server::Impl::make_lane(std::size_t loops) {
    auto lane = std::make_unique<Lane>(options_, count_);
    lane->worker.files = files_.get();
    lane->worker.spool = &spool_;
    lane->worker.trust = trust_.get();
    lane->worker.tls = &tls_;
    lane->worker.secure_port = secure_port(options_.settings.listen, {});
    lane->worker.error_pages = error_pages_;
    lane->worker.blocks.set_budget(memory_of_loop());
    lane->worker.small_files.limit_to(file_memory_of_loop());
    lane->worker.limiter = limiter_.get();
    auto site = std::make_unique<Site>(lane->worker, blobs_, pool_limits(loops));
    site->route_by(plan_, loops);
    sites_[lane.get()] = site.get();
    lane->answer_with(std::move(site));
    if (!options_.opens_later) open(*lane);
    return lane;
}

void Server::Impl::open(Lane& lane) const {
    for (const Listener& listener : listeners_) lane.acceptor.listen(listener);
}

void Server::Impl::open() {
    if (options_.opens_later) post_to_all([this](Lane& lane) { open(lane); });
}

// Runs it on each loop's thread, and returns when all have.
void Server::Impl::post_to_all(const std::function<void(Lane&)>& call) const {
    std::latch ran(static_cast<std::ptrdiff_t>(lanes_.size()));
    for (const std::unique_ptr<Lane>& lane : lanes_) {
        lane->worker.loop.post([&call, &ran, &lane = *lane] {
            call(lane);
            ran.count_down();
        });
    }
    ran.wait();
}

// --- reload

std::vector<Listener> Server::Impl::bind_new(const std::vector<std::string>& listen) const {
    std::vector<Listener> added;
    for (const std::string& url : listen) {
        if (std::any_of(listeners_.begin(), listeners_.end(), [&](auto& l) { return l.asked == url; })) continue;
        const ListenAddress address = parse_listen_address(url);
        std::vector<Listener> bound = taken_over(address, listen);
        if (bound.empty()) bound = bind_listeners(address);
        std::move(bound.begin(), bound.end(), std::back_inserter(added));
    }
    return added;
}

// Its sockets, where they are those of one that is asked for no more: only their manner is another.
std::vector<Listener> Server::Impl::taken_over(const ListenAddress& address,
                                               const std::vector<std::string>& listen) const {
    std::vector<Listener> same;
    for (const Listener& l : listeners_) {
        if (address.port == 0 || std::find(listen.begin(), listen.end(), l.asked) != listen.end()) continue;
        if (parse_listen_address(l.asked).place() != address.place()) continue;
        base::Fd fd(::fcntl(l.fd.get(), F_DUPFD_CLOEXEC, 0));
        if (!fd) throw base::system_error("take a listener over", errno);
        std::string url = (address.manner.secure ? "https" : "http") + l.url.substr(l.url.find(':'));
        same.push_back({std::move(url), std::move(fd), l.port, address.manner, l.kept_elsewhere, address.asked});
    }
    return same;
}

// Of the first https:// listener, where those that redirect send to; 0: none.
std::uint16_t Server::Impl::secure_port(const std::vector<std::string>& listen,
                                        const std::vector<Listener>& added) const {
    for (const Listener& l : listeners_)
        if (l.manner.secure && std::find(listen.begin(), listen.end(), l.asked) != listen.end()) return l.port;
    auto first = std::find_if(added.begin(), added.end(), [](const Listener& l) { return l.manner.secure; });
    return first == added.end() ? std::uint16_t{0} : first->port;
}

// Those that are asked for no more leave listeners_.
std::vector<Listener> Server::Impl::take_gone(const std::vector<std::string>& listen) {
    auto kept = [&](const Listener& l) { return std::find(listen.begin(), listen.end(), l.asked) != listen.end(); };
    auto first = std::stable_partition(listeners_.begin(), listeners_.end(), kept);
    std::vector<Listener> gone(std::make_move_iterator(first), std::make_move_iterator(listeners_.end()));
    listeners_.erase(first, listeners_.end());
    return gone;
}

// As close_doors, of some.
void Server::Impl::close(std::vector<Listener> gone) {
    if (gone.empty()) return;
    for (const Listener& listener : gone)
        if (!listener.kept_elsewhere) turn_newcomers_away(listener.fd.get());
    std::this_thread::sleep_for(kHandshake);
    post_to_all([&gone](Lane& lane) {
        for (const Listener& listener : gone) {
            using Backlog = Acceptor::Backlog;
            lane.acceptor.leave(listener.fd.get(), listener.kept_elsewhere ? Backlog::leave : Backlog::take);
        }
    });
}

// On the lane's thread, between two turns of its coroutines.
void Server::Impl::follow(Lane& lane, const ErrorPages& pages, bool other_routes, const std::vector<Listener>& added) {
    Worker& worker = lane.worker;
    worker.options.settings = options_.settings;
    ++worker.reloads;
    worker.trust = trust_.get();
    worker.hsts = hsts_field(options_.settings.tls);
    worker.secure_port = secure_port(options_.settings.listen, added);
    worker.limiter = limiter_.get();
    worker.error_pages = pages;
    worker.blocks.set_budget(memory_of_loop());
    worker.small_files.limit_to(file_memory_of_loop());
    Site& site = *sites_.at(&lane);
    site.follow_settings(pool_limits(lanes_.size()));
    if (other_routes) site.route_by(plan_, lanes_.size());
    for (const Listener& listener : added) lane.acceptor.listen(listener);
}

void Server::Impl::reload(const config::Edge& settings) {
    // Whatever may be refused comes first, and the listeners last of it: who connects to one expects an answer.
    auto trust = std::make_unique<const Trust>(settings);
    const ErrorPages pages(settings.error_pages);
    const config::Edge& old = options_.settings;
    const bool other_routes = !config::same_routes(settings, old);
    auto plan = other_routes ? std::make_shared<const RoutePlan>(settings, options_.resolve) : plan_;
    // What it has stays where no listener is secure any more: connections may still wait at one.
    std::optional<Tls::Loaded> certificates;
    if (is_secure(settings)) certificates = tls_.load(settings);
    std::vector<Listener> added = bind_new(settings.listen);
    follow_spool(settings);

    const int loops = old.loops, file_threads = old.file_threads;
    options_.settings = settings;
    options_.settings.loops = loops;
    options_.settings.file_threads = file_threads;
    raise_descriptor_limit(settings.max_connections);
    count_.limit_to(static_cast<std::size_t>(settings.max_connections),
                    static_cast<std::size_t>(settings.max_connections_per_address));
    if (limits_rates(settings) && !limiter_) limiter_ = std::make_unique<RateLimiter>();
    trust_.swap(trust);  // the old ones live until no loop uses them
    plan_.swap(plan);
    if (certificates) tls_.adopt(std::move(*certificates));
    post_to_all([&](Lane& lane) { follow(lane, pages, other_routes, added); });
    if (other_routes)
        for (const std::unique_ptr<Prober>& prober : plan->probers) prober->stop();

    std::vector<Listener> gone = take_gone(settings.listen);
    for (Listener& listener : gone)  // another one has its socket: connections go on coming
        for (const Listener& heir : added) listener.kept_elsewhere |= heir.place() == listener.place();
    close(std::move(gone));
    std::vector<Listener> all = std::move(listeners_);
    std::move(added.begin(), added.end(), std::back_inserter(all));
    listen_on(std::move(all));
}

// --- the end

// Closing a listener resets the connections in its backlog, whose callers believe them made and have sent a request
// already. So: no new ones, accept those that there are, close. Those of a socket that is open elsewhere too are
// another's.
void Server::Impl::close_doors(Doors doors) {
    bool shared = std::any_of(listeners_.begin(), listeners_.end(), [](auto& l) { return l.kept_elsewhere; });
    bool last = doors == Doors::closed && !shared;
    if (last) {
        for (const Listener& listener : listeners_) turn_newcomers_away(listener.fd.get());
        std::this_thread::sleep_for(kHandshake);
    }
    post_to_all([last](Lane& lane) { lane.acceptor.stop(last ? Acceptor::Backlog::take : Acceptor::Backlog::leave); });
    listeners_.clear();
}

bool Server::Impl::drain(Duration limit, Doors doors) {
    auto now = std::chrono::steady_clock::now();
    auto deadline = now + limit;
    auto last_request = now + (doors == Doors::left ? kLastRequestToReplaced : kLastRequest);
    post_to_all([](Lane& lane) {
        lane.worker.draining = true;
        lane.worker.connections.begin_drain();
    });
    close_doors(doors);
    auto end_of_parts = deadline - std::min<std::chrono::milliseconds>(kPartsEnd, limit / 2);
    bool ended_idle = false, ended_parts = false;
    while (count_.total() > 0 && now < deadline) {
        std::this_thread::sleep_for(kDrainLook);
        now = std::chrono::steady_clock::now();
        if (now >= last_request && !std::exchange(ended_idle, true))
            post_to_all([](Lane& lane) { lane.worker.connections.end_idle(); });
        if (now >= end_of_parts && !std::exchange(ended_parts, true)) post_to_all(end_parts);
    }
    bool clean = count_.total() == 0;
    stop();
    return clean;
}

bool Server::Impl::answers(Duration limit) const {
    struct Round {
        std::mutex mutex;
        std::condition_variable moved;
        std::size_t missing;
    };
    auto round = std::make_shared<Round>();  // owned by this call and the loops that have not come round
    const std::lock_guard lanes(lanes_mutex_);
    round->missing = lanes_.size();
    for (const std::unique_ptr<Lane>& lane : lanes_) {
        lane->worker.loop.post([round] {
            const std::lock_guard lock(round->mutex);
            if (--round->missing == 0) round->moved.notify_all();
        });
    }
    std::unique_lock lock(round->mutex);
    return round->moved.wait_for(lock, limit, [&] { return round->missing == 0; });
}

std::vector<base::ListeningSocket> Server::Impl::sockets() const {
    std::vector<base::ListeningSocket> out;
    out.reserve(listeners_.size());
    for (const Listener& listener : listeners_) out.push_back({listener.fd.get(), listener.kept_elsewhere});
    return out;
}

void Server::Impl::stop() {
    for (std::unique_ptr<Lane>& lane : lanes_) lane->begin_stop();
    for (std::unique_ptr<Lane>& lane : lanes_) lane->join();
    if (files_) files_->stop();  // its threads post to the loops
    const std::lock_guard lock(lanes_mutex_);
    sites_.clear();
    lanes_.clear();
    listeners_.clear();
}

Stats Server::Impl::stats() const {
    const std::lock_guard lock(lanes_mutex_);
    Stats out;
    for (const std::unique_ptr<Lane>& lane : lanes_) {
        add_to(out, lane->worker.counters);
        out.held += lane->worker.blocks.held();
    }
    out.open_connections = count_.total();
    out.spooled = spool_.used();
    out.spool_full = spool_.refusals();
    return out;
}

Traffic Server::Impl::traffic() const {
    const std::lock_guard lock(lanes_mutex_);
    Traffic out;
    for (const std::unique_ptr<Lane>& lane : lanes_)
        lane->worker.meters.each_route([&](const std::string&, const RouteMeter& meter) { add_to(out, meter); });
    return out;
}

void Server::Impl::write_metrics(base::Exposition& out) const {
    Stats sums = stats();
    const std::lock_guard lock(lanes_mutex_);
    std::vector<const Worker*> workers;
    workers.reserve(lanes_.size());
    for (const std::unique_ptr<Lane>& lane : lanes_) workers.push_back(&lane->worker);
    edge::write_metrics(out, workers, sums);
    if (auto contexts = tls_.contexts()) edge::write_expiries(out, *contexts);
}

Server::Server(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }

std::vector<std::string> Server::urls() const { return impl_->urls(); }

void Server::open() { impl_->open(); }

void Server::reload(const config::Edge& settings) { impl_->reload(settings); }

std::vector<base::ListeningSocket> Server::sockets() const { return impl_->sockets(); }

bool Server::drain(Duration limit, Doors doors) { return impl_->drain(limit, doors); }

bool Server::answers(Duration limit) const { return impl_->answers(limit); }

void Server::stop() { impl_->stop(); }

Stats Server::stats() const { return impl_->stats(); }

Traffic Server::traffic() const { return impl_->traffic(); }

void Server::write_metrics(base::Exposition& out) const { impl_->write_metrics(out); }

bool Server::has_tls() const { return impl_->tls().contexts() != nullptr; }

void Server::look_at_certificates() { impl_->tls().look_at_files(); }

void Server::set_ticket_keys(std::vector<TicketKey> keys) { impl_->tls().tickets().set(std::move(keys)); }

}  // namespace bodega::edge
