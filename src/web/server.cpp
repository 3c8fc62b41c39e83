#include "web/server.h"

#include <httplib.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "base/blocking.h"
#include "http/parser.h"
#include "web/dispatcher.h"
#include "web/transport/acceptor.h"
#include "web/transport/connection.h"
#include "web/transport/workers.h"

namespace bodega::web {
namespace {

constexpr std::chrono::milliseconds kLinger{50};
constexpr int kHealthThreads = 2;
constexpr int kHealthQueue = 256;

// httplib parses this head instead of the client's. http::parse_request is the only parser of the client's head, so two
// parsers can't disagree about it. To write an answer, httplib needs only the method.
constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kHead = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";

// Uses httplib to write answers to our connections. httplib's listener, thread pool, parser and regular-expression
// routes are not used. There is one object per thread; `connection_` is the connection on which the thread works.
class Http final : private httplib::Server {
public:
    Http(Dispatcher& dispatcher, Workers& workers) : dispatcher_(dispatcher), workers_(workers) {
        // httplib stops sending a content source if its listening socket is closed. This object has no such socket, so
        // any number works except the one that httplib uses for a closed socket. Only httplib's stop() would use the
        // number, and it is never called.
        svr_sock_ = 0;
        set_pre_routing_handler([this](const httplib::Request&, httplib::Response& response) {
            run(response);
            return HandlerResponse::Handled;
        });
        set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) { trim(response); });
    }

    // Reads one request and writes its answer. Returns false if the connection has to be closed.
    bool serve(Connection& connection, bool closing) {
        connection_ = &connection;
        request_ = Request{.head_bytes = std::move(request_.head_bytes)};  // keeps the memory of head_bytes
        head_.clear();
        connection.begin_request();
        request_.refusal = read_head(connection);
        connection.consume(request_.head_bytes.size());
        request_.closing = closing || request_.refusal || !head_.keep_alive;
        connection.present(head_.method == http::Method::head ? kHead : kGet);
        bool closed = false;
        bool written = process_request(connection, connection.peer_address(), 0, {}, 0, request_.closing, closed, {});
        return connection.flush() && written && !closed && request_.keep && !request_.closing;
    }

private:
    struct Request {
        std::string head_bytes = {};
        std::optional<http::Refusal> refusal = {};
        bool closing = false;
        bool takes_ranges = false;
        bool keep = true;
    };

    // Parses a copy of the head, because the connection's buffer may move.
    std::optional<http::Refusal> read_head(Connection& connection) {
        request_.head_bytes.assign(connection.await_head());
        const std::size_t size = request_.head_bytes.empty() ? connection.input().size() : request_.head_bytes.size();
        if (size > Arrival::kMaxHead) return http::Refusal{431, "The request's head is too long."};
        if (request_.head_bytes.empty()) return http::Refusal{400, "The request's head is malformed or incomplete."};
        http::HeadLimits limits = Arrival::kLimits;
        // The edge also forwards HTTP/1.0 requests without a Host.
        limits.needs_host = !connection.to_own_edge;
        return http::parse_request(request_.head_bytes, limits, head_);
    }

    void run(httplib::Response& response) {
        if (request_.refusal) return Dispatcher::answer_refused(*request_.refusal, response);
        request_.keep = dispatcher_.dispatch(*connection_, workers_, head_, response);
        request_.takes_ranges = response.has_header("Accept-Ranges");
    }

    void trim(httplib::Response& response) const {
        response.headers.erase("Keep-Alive");
        if (!request_.takes_ranges)
            response.headers.erase("Accept-Ranges");  // httplib adds this field to every answer to HEAD
        if (!request_.keep && !request_.closing) response.set_header("Connection", "close");
        if (request_.keep && !request_.closing && head_.minor == 0) response.set_header("Connection", "keep-alive");
        // RFC 9110 section 8.6: a 204 has no Content-Length, and a 304 may have only the length that a 200 would have.
        if (response.status == 204 || response.status == 304) response.headers.erase("Content-Length");
    }

    Dispatcher& dispatcher_;
    Workers& workers_;
    Connection* connection_ = nullptr;
    Request request_;
    http::RequestHead head_;  // the parsed head of request_; has views into head_bytes
};

}  // namespace

class Server::Impl {
public:
    Impl(const app::Services& services, Options options)
        : options_(std::move(options)),
          dispatcher_(services, Proxies(options_.app.trusted_proxies, options_.proxy_secret), options_.is_ready,
                      options_.conversations) {}

    ~Impl() { stop(config::Duration::zero()); }

    void start() {
        workers_ =
            std::make_shared<Workers>(Workers::Limits{options_.app.threads, options_.app.uploads, options_.app.queue},
                                      [this] { return make_work(); });
        // Health checks have their own threads, so that /readyz never waits for another request.
        health_ = std::make_shared<Workers>(Workers::Limits{kHealthThreads, 0, kHealthQueue},
                                            [this] { return make_health_work(); });
        if (!options_.app.listen.empty()) open_acceptor();
        dispatcher_.set_ready(true);
        if (acceptor_) acceptor_->start();
        if (options_.channels)
            options_.channels->accept_with([pools = Pools{workers_, health_}, timeouts = timeouts()](auto pipe) {
                auto transport = std::make_shared<PipeTransport>(pipe, timeouts.body);
                auto connection = std::make_unique<Connection>(std::move(transport), "", timeouts);
                connection->to_own_edge = true;
                park(pools, pipe, std::move(connection));
            });
    }

    void stop(config::Duration limit) {
        if (!workers_ || stopped_) return;
        stopped_ = true;
        dispatcher_.set_ready(false);
        if (options_.channels) options_.channels->refuse();
        const auto deadline = base::Steady::now() + limit;
        auto left = [&] {
            auto time = std::chrono::duration_cast<config::Duration>(deadline - base::Steady::now());
            return std::max(time, config::Duration::zero());
        };
        // The acceptor is drained first and stopped last. Until the last request is answered, it sends answers and
        // closes connections, so that a slow client holds no thread that a waiting request needs.
        if (acceptor_) acceptor_->drain(left());
        workers_->stop(left());
        health_->stop(left());
        if (acceptor_) acceptor_->stop(left());
        if (options_.channels) options_.channels->cut();
        if (options_.app.listen.starts_with('/') && !shared_ && !left_) ::unlink(options_.app.listen.c_str());
    }

    std::vector<base::ListeningSocket> sockets() const {
        if (!acceptor_) return {};
        return {{acceptor_->listener(), shared_}};
    }
    void leave_socket(bool left) noexcept { left_ = left; }

    void set_ready(bool ready) noexcept { dispatcher_.set_ready(ready); }
    bool is_ready() const { return dispatcher_.is_ready(); }

    Stats stats() const {
        Stats out;
        out.ready = dispatcher_.is_set_ready();
        out.damaged_files = dispatcher_.damaged_files();
        if (!workers_) return out;
        Workers::Stats threads = workers_->stats();
        out.working = threads.working;
        out.waiting = threads.waiting;
        out.idle = threads.idle;
        out.threads_limit = workers_->threads_limit();
        out.uploads = threads.uploads;
        out.queued = threads.queued;
        const app::SignInCounts& sign_ins = dispatcher_.sign_ins();
        out.sign_ins_right = sign_ins.right;
        out.sign_ins_wrong = sign_ins.wrong;
        out.sign_ins_refused = sign_ins.refused;
        out.lockouts = sign_ins.lockouts;
        out.slowed = sign_ins.slowed;
        return out;
    }

    int port() const noexcept { return port_; }

private:
    Timeouts timeouts() const noexcept { return {options_.app.head_timeout, options_.app.body_timeout}; }

    void open_acceptor() {
        auto [listener, kept_elsewhere] = listen_on(options_.app.listen, options_.inherited.get());
        shared_ = kept_elsewhere;
        port_ = port_of(listener);
        acceptor_ = std::make_unique<Acceptor>(
            std::move(listener),
            Acceptor::Options{timeouts(), options_.app.idle_timeout, options_.app.min_rate, options_.app.connections,
                              options_.app.uploads, options_.app.max_memory,
                              [this](auto method, auto target) { return dispatcher_.plan(method, target); }},
            [this](std::unique_ptr<Connection> connection) { return submit(std::move(connection)); });
    }

    // The pools of threads for requests and for health checks. A connection's next request decides which pool works on
    // the connection.
    struct Pools {
        std::shared_ptr<Workers> workers, health;
    };

    // Gives a connection of the acceptor, whose request has arrived, to a pool. Returns false if the pool's queue is
    // full.
    bool submit(std::unique_ptr<Connection> connection) {
        const bool is_health = !connection->arrival().in_head() && connection->arrival().plan().is_health;
        return (is_health ? health_ : workers_)->submit(std::move(connection));
    }

    // Parks a connection until its pipe has input or closes. Then take() gives the connection to a pool, which closes
    // it if its queue is full.
    static void park(const Pools& pools, const std::shared_ptr<base::DuplexPipe>& pipe,
                     std::unique_ptr<Connection> connection) {
        connection->park = [pools, pipe](auto idle) { park(pools, pipe, std::move(idle)); };
        auto holder = std::make_shared<std::unique_ptr<Connection>>(std::move(connection));
        if (!pipe->server_watch([pools, holder] { take(pools, std::move(*holder)); })) take(pools, std::move(*holder));
    }

    // Gives a connection of a pipe to a pool. The edge writes a head at once, so one fill() reads the complete request
    // line.
    static void take(const Pools& pools, std::unique_ptr<Connection> connection) {
        connection->fill();
        std::string_view head = connection->input();
        const bool is_health = head.starts_with("GET /readyz ") || head.starts_with("HEAD /readyz ");
        (is_health ? pools.health : pools.workers)->submit(std::move(connection));
    }

    Workers::Work make_work() {
        // A shared_ptr, because each copy of the returned function owns it.
        auto http = std::make_shared<Http>(dispatcher_, *workers_);
        return [this, http](std::unique_ptr<Connection> connection) { return work(*http, std::move(connection)); };
    }

    // Works on one request only, because the connection's next request may belong to the other pool.
    Workers::Work make_health_work() {
        auto http = std::make_shared<Http>(dispatcher_, *health_);
        return [this, http](std::unique_ptr<Connection> connection) -> std::unique_ptr<Connection> {
            if (!serve_one(*http, *connection)) return end(std::move(connection));
            const bool is_next_here = !connection->has_output() && connection->has_input() && is_whole(*connection);
            if (is_next_here) submit(std::move(connection));
            else park_connection(std::move(connection));
            return nullptr;
        };
    }

    std::unique_ptr<Connection> work(Http& http, std::unique_ptr<Connection> connection) {
        for (;;) {
            Connection::Readiness readiness = await(*connection);
            if (readiness == Connection::Readiness::closed) return connection;
            if (readiness == Connection::Readiness::idle || !is_whole(*connection)) {
                if (stopped_) return connection;
                park_connection(std::move(connection));
                return nullptr;
            }
            if (!serve_one(http, *connection)) return end(std::move(connection));
            if (connection->has_output()) {
                park_connection(std::move(connection));  // the acceptor sends the rest of the answer
                return nullptr;
            }
        }
    }

    bool is_whole(Connection& connection) const { return connection.to_own_edge || acceptor_->is_whole(connection); }

    // Returns false if the connection has to be closed.
    bool serve_one(Http& http, Connection& connection) {
        connection.allow_waits(connection.to_own_edge || connection.arrival().plan().is_file);
        const bool keeps = http.serve(connection, stopped_);
        connection.end_request();
        return keeps;
    }

    static void park_connection(std::unique_ptr<Connection> connection) {
        auto park = connection->park;
        park(std::move(connection));
    }

    std::unique_ptr<Connection> end(std::unique_ptr<Connection> connection) const {
        if (!connection->end) {
            connection->close_gently();
            return connection;
        }
        auto end = connection->end;
        end(std::move(connection));
        return nullptr;
    }

    // Waits a short time for the next request of a busy socket. The socket then keeps its thread, which saves two
    // thread switches per request.
    Connection::Readiness await(Connection& connection) {
        bool lingers = connection.lingers && !stopped_ && workers_->begin_linger();
        if (!lingers) return connection.await_request(std::chrono::milliseconds::zero());
        const base::Blocking waits;
        Connection::Readiness readiness = connection.await_request(kLinger);
        workers_->end_linger();
        return readiness;
    }

    const Options options_;
    Dispatcher dispatcher_;
    // The functions that wait on the pipes also own workers_ and health_, and may outlive this object.
    std::shared_ptr<Workers> workers_;
    std::shared_ptr<Workers> health_;
    std::unique_ptr<Acceptor> acceptor_;
    std::atomic<bool> stopped_{false};
    bool shared_ = false;  // true if another process also has the listening socket
    bool left_ = false;    // true if another process owns the socket's file
    int port_ = 0;
};

Server::Server(const app::Services& services, Options options)
    : impl_(std::make_unique<Impl>(services, std::move(options))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }

void Server::set_ready(bool ready) noexcept { impl_->set_ready(ready); }

void Server::stop(config::Duration limit) { impl_->stop(limit); }

std::vector<base::ListeningSocket> Server::sockets() const { return impl_->sockets(); }

void Server::leave_socket(bool left) noexcept { impl_->leave_socket(left); }

bool Server::is_ready() const { return impl_->is_ready(); }

Server::Stats Server::stats() const { return impl_->stats(); }

int Server::port() const noexcept { return impl_->port(); }

}  // namespace bodega::web
