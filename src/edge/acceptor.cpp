#include "edge/acceptor.h"

#include <cerrno>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "edge/connection_setup.h"
#include "edge/http1/http1.h"
#include "edge/routing/trust.h"
#include "net/socket.h"

namespace bodega::edge {
namespace {

// How long a listener stops accepting when the process has no free descriptor, in ms.
constexpr net::Moment kPause = 100;

// The answer to a connection that exceeds a limit. It is sent before the request is read, so it costs almost nothing.
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view kTooManyOfAddress =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

}  // namespace

// A listening socket that this loop watches.
class Acceptor::ListenerSocket final : public net::EventTarget, private net::TimerWheel::Entry {
public:
    ListenerSocket(Acceptor& owner, const net::Listener& listener)
        : fd_(listener.fd.get()), options_(listener.options), owner_(owner) {
        open();
    }
    ~ListenerSocket() { close(); }
    int fd() const noexcept { return fd_; }
    const net::ListenOptions& options() const noexcept { return options_; }
    void close() noexcept { owner_.context_.loop.unwatch(fd_); }

    // Accepts only one connection. epoll is level-triggered: it reports the other waiting connections again, to this
    // loop or to an idle one.
    void on_events(std::uint32_t) noexcept override {
        if (owner_.accept_one(*this) != Taken::no_descriptor) return;
        // The connection is still waiting, so epoll would report it again at once and the loop would spin. Stop
        // watching the listener for kPause, and close an idle connection to free a descriptor.
        close();
        owner_.context_.connections.end_longest_idle();
        owner_.context_.loop.timers().arm(*this, owner_.context_.loop.now() + kPause);
    }

private:
    void open() { owner_.context_.loop.watch(fd_, EPOLLIN | EPOLLEXCLUSIVE, *this); }
    void on_deadline() noexcept override {
        try {
            open();
        } catch (const std::exception&) {
            owner_.context_.loop.timers().arm(*this, owner_.context_.loop.now() + kPause);
        }
    }

    const int fd_;
    const net::ListenOptions options_;
    Acceptor& owner_;
};

Acceptor::Acceptor(LoopContext& context, ConnectionCount& count) noexcept : context_(context), count_(count) {}

Acceptor::~Acceptor() = default;

void Acceptor::listen(const net::Listener& listener) {
    sockets_.push_back(std::make_unique<ListenerSocket>(*this, listener));
}

void Acceptor::close(ListenerSocket& socket, Backlog backlog) noexcept {
    socket.close();
    while (backlog == Backlog::take && accept_one(socket) == Taken::one) continue;
}

void Acceptor::leave(int listener, Backlog backlog) noexcept {
    std::erase_if(sockets_, [&](const std::unique_ptr<ListenerSocket>& socket) {
        if (socket->fd() != listener) return false;
        close(*socket, backlog);
        return true;
    });
}

void Acceptor::stop(Backlog backlog) noexcept {
    for (const std::unique_ptr<ListenerSocket>& socket : sockets_) close(*socket, backlog);
    sockets_.clear();
}

Acceptor::Taken Acceptor::accept_one(const ListenerSocket& socket) noexcept {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    base::Fd fd(::accept4(socket.fd(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) return errno == EMFILE || errno == ENFILE ? Taken::no_descriptor : Taken::none;
    try {
        admit(std::move(fd), peer, socket.options());
    } catch (const std::exception& e) {
        base::log::error("edge", "an accepted connection could not be set up", {{"error", e.what()}});
    }
    return Taken::one;
}

void Acceptor::admit(base::Fd fd, const sockaddr_storage& peer, const net::ListenOptions& options) {
    context_.counters.accepted.add();
    Peer known;
    known.address = net::peer_address(peer);
    known.secure = options.secure;
    // All connections from a load balancer have its address. A limit for that address would limit all of its clients
    // together, so the key stays empty.
    bool behind_proxy = options.proxy_protocol || (context_.trust && context_.trust->trusts(known));
    std::string key = behind_proxy ? std::string() : ConnectionCount::key_of(peer);
    ConnectionCount::Verdict verdict = count_.admit(key);
    if (verdict == ConnectionCount::Verdict::too_many && context_.connections.end_longest_idle()) {
        // The idle connection is counted until it has closed. Until then the new connection may exceed the limit.
        verdict = count_.admit(key, ConnectionCount::Over::yes);
    }
    if (verdict != ConnectionCount::Verdict::admitted) return reject(std::move(fd), options, verdict);
    Place place(count_, std::move(key));
    if (options.redirects) known.redirect_port = options.redirect_port ? options.redirect_port : context_.secure_port;
    if (options.secure || options.proxy_protocol) {
        set_up_connection(std::make_unique<ConnectionSetup>(context_, std::move(fd), options, peer, std::move(known),
                                                            std::move(place)));
        return;
    }
    auto transport =
        std::make_unique<net::Socket>(context_.loop, std::move(fd), net::Socket::Writable::always, nullptr);
    serve_http1(std::make_unique<Http1>(context_, std::move(transport), std::move(known), std::move(place)));
}

void Acceptor::reject(base::Fd fd, const net::ListenOptions& options, ConnectionCount::Verdict verdict) noexcept {
    bool of_address = verdict == ConnectionCount::Verdict::too_many_of_address;
    (of_address ? context_.counters.refused_of_address : context_.counters.refused).add();
    // On a TLS listener, sends no answer: it would need a handshake, which costs an overloaded server too much.
    if (options.secure) return;
    std::string_view answer = of_address ? kTooManyOfAddress : kTooMany;
    ::send(fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(fd.get(), SHUT_WR);
}

}  // namespace bodega::edge
