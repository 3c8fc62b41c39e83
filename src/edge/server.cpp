#include "edge/server.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <iterator>
#include <latch>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/mutex.h"
#include "config/change.h"
#include "edge/event_loop_thread.h"
#include "edge/exchange/connection_count.h"
#include "edge/exchange/error_pages.h"
#include "edge/files/blob_folder.h"
#include "edge/listen_address.h"
#include "edge/loop_round.h"
#include "edge/metrics.h"
#include "edge/proxy/spool.h"
#include "edge/request_router.h"
#include "edge/route_plan.h"
#include "edge/routing/rate_limiter.h"
#include "edge/routing/trust.h"
#include "edge/tls/live_tls_contexts.h"
#include "net/file_pool.h"
#include "net/listener.h"

namespace bodega::edge {
namespace {

constexpr std::chrono::milliseconds kDrainPollInterval{5};
// How long closing a listener waits for TCP handshakes that are in progress.
constexpr std::chrono::milliseconds kTcpHandshake{100};
// How long an idle connection stays open during a drain. Its client may be sending a request at that moment, and should
// get an answer. The time is longer if another process has taken over, since then nothing waits for this process to
// end.
constexpr std::chrono::milliseconds kLastRequest{1000};
constexpr std::chrono::milliseconds kLastRequestToReplaced{5000};
// How long before the end of a drain the resumable uploads are stopped; half of the drain's limit if that is shorter.
// The received bytes are then kept and the lease is released, so that another process can continue the upload at once.
constexpr std::chrono::milliseconds kUploadsEnd{3000};

void end_uploads(EventLoopThread& thread) {
    thread.context.ends_uploads = true;
    thread.context.connections.wake_all();
}

std::size_t loop_count(int configured) {
    if (configured > 0) return static_cast<std::size_t>(configured);
    return std::max(1U, std::thread::hardware_concurrency());
}

bool is_secure(const config::Edge& settings) {
    return std::any_of(settings.listen.begin(), settings.listen.end(),
                       [](const std::string& listener) { return parse_listen_address(listener).options.secure; });
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

// Raises the soft limit, since a connection may hold a socket, an upstream's socket and a file.
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
    bool drain(Duration limit, Listeners listeners);
    bool answers(Duration limit) const;
    std::vector<base::ListeningSocket> sockets() const;
    void stop();
    Stats stats() const;
    Traffic traffic() const;
    const std::vector<std::string>& urls() const { return urls_; }
    void write_metrics(base::Exposition& out) const;
    LiveTlsContexts& tls() noexcept { return tls_; }

private:
    void bind();
    void listen_on(std::vector<net::Listener> listeners);
    std::vector<net::Listener> bind_new(const std::vector<std::string>& listen) const;
    std::vector<net::Listener> reuse_sockets(const net::ListenAddress& address,
                                             const std::vector<std::string>& listen) const;
    std::uint16_t secure_port(const std::vector<std::string>& listen, const std::vector<net::Listener>& added) const;
    std::vector<net::Listener> take_removed(const std::vector<std::string>& listen);
    void close(std::vector<net::Listener> removed);
    void follow(EventLoopThread& thread, const ErrorPages& pages, bool other_routes,
                const std::vector<net::Listener>& added);
    void follow_spool(const config::Edge& settings);
    void close_listeners(Listeners listeners);
    void post_to_all(const std::function<void(EventLoopThread&)>& call) const;
    std::unique_ptr<EventLoopThread> make_thread(std::size_t loops);
    void open(EventLoopThread& thread) const;
    UpstreamPool::Limits pool_limits(std::size_t loops) const;
    LoopSettings loop_settings(const ErrorPages& pages, const std::vector<net::Listener>& added) const;

    Options options_;  // each loop has a copy, since a reload changes the settings
    ConnectionCount count_;
    std::unique_ptr<const Trust> trust_;
    const ErrorPages error_pages_;
    std::shared_ptr<const BlobFolder> blobs_;
    std::shared_ptr<const RoutePlan> plan_;
    std::vector<net::Listener> listeners_;
    std::vector<std::string> urls_;
    Spool spool_;
    std::unique_ptr<net::FilePool> files_;
    LiveTlsContexts tls_;
    std::unique_ptr<RateLimiter> limiter_;                   // null if there are no rate limits
    std::vector<std::unique_ptr<EventLoopThread>> threads_;  // used only by the thread that starts, reloads and stops
    mutable base::Mutex mutex_;
    std::vector<EventLoopThread*> running_ GUARDED_BY(mutex_);  // the objects in threads_, for calls on other threads
    std::map<const EventLoopThread*, RequestRouter*> routers_;  // the router of each loop
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
    std::vector<net::Listener> bound;
    for (const std::string& url : options_.settings.listen)
        for (net::Listener& listener : net::bind_listeners(parse_listen_address(url), options_.inherited.get()))
            bound.push_back(std::move(listener));
    if (is_secure(options_.settings)) tls_.adopt(tls_.load(options_.settings));
    listen_on(std::move(bound));
}

void Server::Impl::listen_on(std::vector<net::Listener> listeners) {
    listeners_ = std::move(listeners);
    urls_.clear();
    for (const net::Listener& listener : listeners_) urls_.push_back(listener.url);
}

void Server::Impl::start() {
    follow_spool(options_.settings);
    bind();
    raise_descriptor_limit(options_.settings.max_connections);
    std::size_t loops = loop_count(options_.settings.loops);
    plan_ = std::make_shared<const RoutePlan>(options_.settings, options_.resolve);
    if (limits_rates(options_.settings)) limiter_ = std::make_unique<RateLimiter>();
    files_ = std::make_unique<net::FilePool>(options_.settings.file_threads);
    for (std::size_t i = 0; i < loops; ++i) {
        auto thread = make_thread(loops);
        const base::MutexLock lock(mutex_);
        running_.push_back(thread.get());
        threads_.push_back(std::move(thread));
    }
    for (std::unique_ptr<EventLoopThread>& thread : threads_) thread->start();
}

void Server::Impl::follow_spool(const config::Edge& settings) {
    Spool next;
    next.follow(settings.spool_dir, settings.spool_limit);
    if (buffers_bodies(settings)) next.check();
    spool_.follow(settings.spool_dir, settings.spool_limit);
}

LoopSettings Server::Impl::loop_settings(const ErrorPages& pages, const std::vector<net::Listener>& added) const {
    const config::Edge& settings = options_.settings;
    const std::size_t loops = loop_count(settings.loops);
    return {settings,
            pages,
            trust_.get(),
            limiter_.get(),
            secure_port(settings.listen, added),
            static_cast<std::size_t>(settings.max_memory) / loops,
            static_cast<std::size_t>(settings.file_memory) / loops};
}

std::unique_ptr<EventLoopThread> Server::Impl::make_thread(std::size_t loops) {
    RequestRouter* made = nullptr;
    const auto make_router = [&](LoopContext& context) {
        auto router = std::make_unique<RequestRouter>(context, blobs_, pool_limits(loops));
        router->route_by(plan_, loops);
        made = router.get();
        return router;
    };
    const SharedParts shared{files_.get(), &spool_, &tls_};
    auto thread =
        std::make_unique<EventLoopThread>(options_, shared, loop_settings(error_pages_, {}), count_, make_router);
    routers_[thread.get()] = made;
    if (!options_.opens_later) open(*thread);
    return thread;
}

void Server::Impl::open(EventLoopThread& thread) const {
    for (const net::Listener& listener : listeners_) thread.acceptor.listen(listener);
}

void Server::Impl::open() {
    if (options_.opens_later) post_to_all([this](EventLoopThread& thread) { open(thread); });
}

// Runs `call` on each loop's thread. Returns when all calls have returned.
void Server::Impl::post_to_all(const std::function<void(EventLoopThread&)>& call) const {
    std::latch ran(static_cast<std::ptrdiff_t>(threads_.size()));
    for (const std::unique_ptr<EventLoopThread>& thread : threads_) {
        thread->context.loop.post([&call, &ran, &thread = *thread] {
            call(thread);
            ran.count_down();
        });
    }
    ran.wait();
}

// --- reload

std::vector<net::Listener> Server::Impl::bind_new(const std::vector<std::string>& listen) const {
    std::vector<net::Listener> added;
    for (const std::string& url : listen) {
        if (std::any_of(listeners_.begin(), listeners_.end(), [&](auto& l) { return l.asked == url; })) continue;
        const net::ListenAddress address = parse_listen_address(url);
        std::vector<net::Listener> bound = reuse_sockets(address, listen);
        if (bound.empty()) bound = net::bind_listeners(address);
        std::move(bound.begin(), bound.end(), std::back_inserter(added));
    }
    return added;
}

// If a removed listener differs from `address` only in its options, returns duplicates of its sockets.
std::vector<net::Listener> Server::Impl::reuse_sockets(const net::ListenAddress& address,
                                                       const std::vector<std::string>& listen) const {
    std::vector<net::Listener> same;
    for (const net::Listener& l : listeners_) {
        if (address.port == 0 || std::find(listen.begin(), listen.end(), l.asked) != listen.end()) continue;
        if (parse_listen_address(l.asked).place() != address.place()) continue;
        base::Fd fd(::fcntl(l.fd.get(), F_DUPFD_CLOEXEC, 0));
        if (!fd) throw base::system_error("take a listener over", errno);
        std::string url = (address.options.secure ? "https" : "http") + l.url.substr(l.url.find(':'));
        same.push_back({std::move(url), std::move(fd), l.port, address.options, l.kept_elsewhere, address.asked});
    }
    return same;
}

// The port of the first https:// listener, to which redirecting listeners send clients. 0 if there is no such listener.
std::uint16_t Server::Impl::secure_port(const std::vector<std::string>& listen,
                                        const std::vector<net::Listener>& added) const {
    for (const net::Listener& l : listeners_)
        if (l.options.secure && std::find(listen.begin(), listen.end(), l.asked) != listen.end()) return l.port;
    auto first = std::find_if(added.begin(), added.end(), [](const net::Listener& l) { return l.options.secure; });
    return first == added.end() ? std::uint16_t{0} : first->port;
}

// Removes from listeners_ the listeners that are no longer configured, and returns them.
std::vector<net::Listener> Server::Impl::take_removed(const std::vector<std::string>& listen) {
    auto kept = [&](const net::Listener& l) {
        return std::find(listen.begin(), listen.end(), l.asked) != listen.end();
    };
    auto first = std::stable_partition(listeners_.begin(), listeners_.end(), kept);
    std::vector<net::Listener> removed(std::make_move_iterator(first), std::make_move_iterator(listeners_.end()));
    listeners_.erase(first, listeners_.end());
    return removed;
}

// Closes the listeners that a reload has removed. Like close_listeners(), first accepts their waiting connections.
void Server::Impl::close(std::vector<net::Listener> removed) {
    if (removed.empty()) return;
    for (const net::Listener& listener : removed)
        if (!listener.kept_elsewhere) net::refuse_new_connections(listener.fd.get());
    std::this_thread::sleep_for(kTcpHandshake);
    post_to_all([&removed](EventLoopThread& thread) {
        for (const net::Listener& listener : removed) {
            using Backlog = Acceptor::Backlog;
            thread.acceptor.leave(listener.fd.get(), listener.kept_elsewhere ? Backlog::leave : Backlog::take);
        }
    });
}

// Applies a reload to one loop. Runs on the loop's thread while no coroutine is running.
void Server::Impl::follow(EventLoopThread& thread, const ErrorPages& pages, bool other_routes,
                          const std::vector<net::Listener>& added) {
    thread.context.apply(loop_settings(pages, added));
    RequestRouter& router = *routers_.at(&thread);
    router.follow_settings(pool_limits(threads_.size()));
    if (other_routes) router.route_by(plan_, threads_.size());
    for (const net::Listener& listener : added) thread.acceptor.listen(listener);
}

void Server::Impl::reload(const config::Edge& settings) {
    // Do everything that can fail first, while nothing has changed yet. Open the new listeners as the last of these
    // steps, since a client that connects to one expects an answer.
    auto trust = std::make_unique<const Trust>(settings);
    const ErrorPages pages(settings.error_pages);
    const config::Edge& old = options_.settings;
    const bool other_routes = !config::same_routes(settings, old);
    auto plan = other_routes ? std::make_shared<const RoutePlan>(settings, options_.resolve) : plan_;
    // If no listener uses TLS any more, the certificates stay loaded, since connections may still wait at a removed
    // listener.
    std::optional<LiveTlsContexts::Loaded> certificates;
    if (is_secure(settings)) certificates = tls_.load(settings);
    std::vector<net::Listener> added = bind_new(settings.listen);
    follow_spool(settings);

    const int loops = old.loops, file_threads = old.file_threads;
    options_.settings = settings;
    options_.settings.loops = loops;
    options_.settings.file_threads = file_threads;
    raise_descriptor_limit(settings.max_connections);
    count_.limit_to(static_cast<std::size_t>(settings.max_connections),
                    static_cast<std::size_t>(settings.max_connections_per_address));
    if (limits_rates(settings) && !limiter_) limiter_ = std::make_unique<RateLimiter>();
    // After the swaps, these variables keep the old objects alive until every loop uses the new ones.
    trust_.swap(trust);
    plan_.swap(plan);
    if (certificates) tls_.adopt(std::move(*certificates));
    post_to_all([&](EventLoopThread& thread) { follow(thread, pages, other_routes, added); });
    if (other_routes)
        for (const std::unique_ptr<Prober>& prober : plan->probers) prober->stop();

    std::vector<net::Listener> removed = take_removed(settings.listen);
    // A socket that a new listener also uses stays open. So its waiting connections need not be accepted first.
    for (net::Listener& listener : removed)
        for (const net::Listener& successor : added) listener.kept_elsewhere |= successor.place() == listener.place();
    close(std::move(removed));
    std::vector<net::Listener> all = std::move(listeners_);
    std::move(added.begin(), added.end(), std::back_inserter(all));
    listen_on(std::move(all));
}

// --- the end

// Closes all listeners. Closing a socket resets the connections in its backlog, although their clients may have sent a
// request. So first refuse new connections, then accept the waiting ones, then close. If another process has the same
// socket, skip this: that process accepts the waiting connections.
void Server::Impl::close_listeners(Listeners listeners) {
    bool shared = std::any_of(listeners_.begin(), listeners_.end(), [](auto& l) { return l.kept_elsewhere; });
    bool last = listeners == Listeners::closed && !shared;
    if (last) {
        for (const net::Listener& listener : listeners_) net::refuse_new_connections(listener.fd.get());
        std::this_thread::sleep_for(kTcpHandshake);
    }
    post_to_all([last](EventLoopThread& thread) {
        thread.acceptor.stop(last ? Acceptor::Backlog::take : Acceptor::Backlog::leave);
    });
    listeners_.clear();
}

bool Server::Impl::drain(Duration limit, Listeners listeners) {
    auto now = std::chrono::steady_clock::now();
    auto deadline = now + limit;
    auto last_request = now + (listeners == Listeners::left ? kLastRequestToReplaced : kLastRequest);
    post_to_all([](EventLoopThread& thread) {
        thread.context.draining = true;
        thread.context.connections.begin_drain();
    });
    close_listeners(listeners);
    auto uploads_end = deadline - std::min<std::chrono::milliseconds>(kUploadsEnd, limit / 2);
    bool ended_idle = false, ended_uploads = false;
    while (count_.total() > 0 && now < deadline) {
        std::this_thread::sleep_for(kDrainPollInterval);
        now = std::chrono::steady_clock::now();
        if (now >= last_request && !std::exchange(ended_idle, true))
            post_to_all([](EventLoopThread& thread) { thread.context.connections.end_idle(); });
        if (now >= uploads_end && !std::exchange(ended_uploads, true)) post_to_all(end_uploads);
    }
    bool clean = count_.total() == 0;
    stop();
    return clean;
}

bool Server::Impl::answers(Duration limit) const {
    const base::MutexLock lock(mutex_);
    auto round = std::make_shared<LoopRound>(running_.size());
    for (EventLoopThread* thread : running_) thread->context.loop.post([round] { round->count(); });
    return round->is_over_within(limit);
}

std::vector<base::ListeningSocket> Server::Impl::sockets() const {
    std::vector<base::ListeningSocket> out;
    out.reserve(listeners_.size());
    for (const net::Listener& listener : listeners_) out.push_back({listener.fd.get(), listener.kept_elsewhere});
    return out;
}

void Server::Impl::stop() {
    for (std::unique_ptr<EventLoopThread>& thread : threads_) thread->begin_stop();
    for (std::unique_ptr<EventLoopThread>& thread : threads_) thread->join();
    if (files_) files_->stop();  // the pool's threads post to the loops, so stop it before the loops are destroyed
    const base::MutexLock lock(mutex_);
    running_.clear();
    routers_.clear();
    threads_.clear();
    listeners_.clear();
}

Stats Server::Impl::stats() const {
    const base::MutexLock lock(mutex_);
    Stats out;
    for (const EventLoopThread* thread : running_) {
        add_to(out, thread->context.counters);
        out.held += thread->context.buffer_pool.held();
    }
    out.open_connections = count_.total();
    out.spooled = spool_.used();
    out.spool_full = spool_.refusals();
    return out;
}

Traffic Server::Impl::traffic() const {
    const base::MutexLock lock(mutex_);
    Traffic out;
    for (const EventLoopThread* thread : running_)
        thread->context.meters.each_route([&](const std::string&, const RouteMeter& meter) { add_to(out, meter); });
    return out;
}

void Server::Impl::write_metrics(base::Exposition& out) const {
    Stats sums = stats();
    const base::MutexLock lock(mutex_);
    std::vector<const LoopContext*> loops;
    loops.reserve(running_.size());
    for (const EventLoopThread* thread : running_) loops.push_back(&thread->context);
    edge::write_metrics(out, loops, sums);
    if (auto contexts = tls_.contexts()) edge::write_expiries(out, *contexts);
}

Server::Server(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }

std::vector<std::string> Server::urls() const { return impl_->urls(); }

void Server::open() { impl_->open(); }

void Server::reload(const config::Edge& settings) { impl_->reload(settings); }

std::vector<base::ListeningSocket> Server::sockets() const { return impl_->sockets(); }

bool Server::drain(Duration limit, Listeners listeners) { return impl_->drain(limit, listeners); }

bool Server::answers(Duration limit) const { return impl_->answers(limit); }

void Server::stop() { impl_->stop(); }

Stats Server::stats() const { return impl_->stats(); }

Traffic Server::traffic() const { return impl_->traffic(); }

void Server::write_metrics(base::Exposition& out) const { impl_->write_metrics(out); }

bool Server::has_tls() const { return impl_->tls().contexts() != nullptr; }

void Server::reload_changed_certificates() { impl_->tls().reload_changed_certificates(); }

void Server::set_ticket_keys(std::vector<TicketKey> keys) { impl_->tls().tickets().set(std::move(keys)); }

}  // namespace bodega::edge
