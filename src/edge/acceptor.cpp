#include "edge/acceptor.h"

#include <cerrno>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "edge/http1/http1.h"
#include "edge/connection_setup.h"
#include "net/socket.h"
#include "edge/routing/trust.h"

namespace bodega::edge {
namespace {

constexpr Moment kPause = 100;  // ms, when there is no descriptor left

// To whom there is no room for: said without reading, so it costs next to nothing.
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view kTooManyOfAddress =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

}  // namespace

// One listener's place on the loop.
class Acceptor::Door final : public EventTarget, private Wheel::Entry {
public:
    Door(Acceptor& owner, const Listener& listener) : fd_(listener.fd.get()), manner_(listener.manner), owner_(owner) {
        open();
    }
    ~Door() { close(); }
    int fd() const noexcept { return fd_; }
    const Manner& manner() const noexcept { return manner_; }
    void close() noexcept { owner_.worker_.loop.unwatch(fd_); }

    // One a turn: level-triggered, so that the other loops get the next one while this one works.
    void on_events(std::uint32_t) noexcept override {
        if (owner_.accept_one(*this) != Taken::no_descriptor) return;
        // It would be reported again at once, and again: look after a while, and let go of an idle one meanwhile.
        close();
        owner_.worker_.connections.end_longest_idle();
        owner_.worker_.loop.wheel().arm(*this, owner_.worker_.loop.now() + kPause);
    }

private:
    void open() { owner_.worker_.loop.watch(fd_, EPOLLIN | EPOLLEXCLUSIVE, *this); }
    void on_deadline() noexcept override {
        try {
            open();
        } catch (const std::exception&) {
            owner_.worker_.loop.wheel().arm(*this, owner_.worker_.loop.now() + kPause);
        }
    }

    const int fd_;
    const Manner manner_;
    Acceptor& owner_;
};

Acceptor::Acceptor(Worker& worker, ConnectionCount& count) noexcept : worker_(worker), count_(count) {}

Acceptor::~Acceptor() = default;

void Acceptor::listen(const Listener& listener) { doors_.push_back(std::make_unique<Door>(*this, listener)); }

void Acceptor::close(Door& door, Backlog backlog) noexcept {
    door.close();
    while (backlog == Backlog::take && accept_one(door) == Taken::one) continue;
}

void Acceptor::leave(int listener, Backlog backlog) noexcept {
    std::erase_if(doors_, [&](const std::unique_ptr<Door>& door) {
        if (door->fd() != listener) return false;
        close(*door, backlog);
        return true;
    });
}

void Acceptor::stop(Backlog backlog) noexcept {
    for (const std::unique_ptr<Door>& door : doors_) close(*door, backlog);
    doors_.clear();
}

Acceptor::Taken Acceptor::accept_one(const Door& door) noexcept {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    base::Fd fd(::accept4(door.fd(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) return errno == EMFILE || errno == ENFILE ? Taken::no_descriptor : Taken::none;
    try {
        admit(std::move(fd), peer, door.manner());
    } catch (const std::exception& e) {
        base::log::error("edge", "a connection could not be taken", {{"error", e.what()}});
    }
    return Taken::one;
}

void Acceptor::admit(base::Fd fd, const sockaddr_storage& peer, const Manner& manner) {
    worker_.counters.accepted.add();
    Peer known;
    known.address = peer_address(peer);
    known.secure = manner.secure;
    // Behind a balancer they all come from its address; whose they are is in their headers.
    bool behind = manner.proxy_protocol || (worker_.trust && worker_.trust->holds(known));
    std::string key = behind ? std::string() : ConnectionCount::key_of(peer);
    ConnectionCount::Verdict verdict = count_.admit(key);
    if (verdict == ConnectionCount::Verdict::too_many && worker_.connections.end_longest_idle()) {
        // Its place is free a moment later; this one is let in on top of it.
        verdict = count_.admit(key, ConnectionCount::Over::yes);
    }
    if (verdict != ConnectionCount::Verdict::admitted) return turn_away(std::move(fd), manner, verdict);
    Place place(count_, std::move(key));
    if (manner.redirects) known.redirect_port = manner.redirect_port ? manner.redirect_port : worker_.secure_port;
    if (manner.secure || manner.proxy_protocol) {
        welcome(std::make_unique<Newcomer>(worker_, std::move(fd), manner, peer, std::move(known), std::move(place)));
        return;
    }
    auto stream = std::make_unique<Socket>(worker_.loop, std::move(fd), Socket::Writable::always, nullptr);
    serve_http1(std::make_unique<Http1>(worker_, std::move(stream), std::move(known), std::move(place)));
}

void Acceptor::turn_away(base::Fd fd, const Manner& manner, ConnectionCount::Verdict verdict) noexcept {
    bool of_address = verdict == ConnectionCount::Verdict::too_many_of_address;
    (of_address ? worker_.counters.refused_of_address : worker_.counters.refused).add();
    if (manner.secure) return;  // an answer would cost the handshake that there is no room for
    std::string_view answer = of_address ? kTooManyOfAddress : kTooMany;
    ::send(fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(fd.get(), SHUT_WR);
}

}  // namespace bodega::edge
