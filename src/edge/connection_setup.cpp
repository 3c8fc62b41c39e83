#include "edge/connection_setup.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "edge/http1/http1.h"
#include "edge/http2/http2_connection.h"
#include "edge/proxy_header.h"
#include "edge/tls/tls.h"

namespace bodega::edge {
namespace {

constexpr Moment kDrainPatience = 1000;

constexpr std::string_view kPlainHttp =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 53\r\n"
    "Connection: close\r\n\r\nThis port speaks HTTPS: use https:// in the address.\n";

Detached lead(std::unique_ptr<Newcomer> newcomer) {
    try {
        Newcomer::Step step = newcomer->go_on();
        while (step == Newcomer::Step::waiting) {
            Wake wake = co_await newcomer->wait();
            step = wake == Wake::event ? newcomer->go_on() : Newcomer::Step::failed;
        }
        if (step == Newcomer::Step::arrived) newcomer->hand_over();
    } catch (const std::exception& e) {
        base::log::error("edge", "a new connection ended in an error", {{"error", e.what()}});
    }
}

}  // namespace

void welcome(std::unique_ptr<Newcomer> newcomer) { lead(std::move(newcomer)); }

Newcomer::Newcomer(Worker& worker, base::Fd fd, const Manner& manner, const sockaddr_storage& address, Peer peer,
                   Place place)
    : worker_(worker),
      manner_(manner),
      address_(address),
      peer_(std::move(peer)),
      place_(std::move(place)),
      waiter_(worker.loop),
      header_due_(manner.proxy_protocol) {
    if (manner_.secure) {
        auto tls = std::make_unique<TlsSocket>(worker_.loop, std::move(fd), worker_.tls->contexts(), &waiter_);
        tls_ = tls.get();
        socket_ = std::move(tls);
    } else {
        socket_ = std::make_unique<Socket>(worker_.loop, std::move(fd), Socket::Writable::always, &waiter_);
    }
    const config::Edge& settings = worker_.options.settings;
    deadline_ = now() + (header_due_ ? settings.head_timeout : settings.tls.handshake_timeout).count();
    worker_.connections.add(*this);
}

Newcomer::~Newcomer() { worker_.connections.remove(*this); }

// Nobody knows yet whether a request comes: a moment to show it.
void Newcomer::end_if_idle() noexcept {
    deadline_ = std::min(deadline_, now() + kDrainPatience);
    waiter_.notify();
}

Newcomer::Step Newcomer::go_on() {
    Step step = header_due_ ? read_header() : Step::arrived;
    if (step != Step::arrived || !tls_) return step;
    return shake_hands();
}

// --- the PROXY header

Newcomer::Step Newcomer::read_header() {
    std::array<char, ProxyHeader::kMost> bytes;
    IoResult result = socket_->peek(bytes);
    if (result.status == Io::blocked) return Step::waiting;
    if (result.status != Io::done) return Step::failed;
    ProxyHeader header = ProxyHeader::read({bytes.data(), result.bytes});
    switch (header.state) {
        case ProxyHeader::State::incomplete: return socket_->peer_closed() ? Step::failed : Step::waiting;
        case ProxyHeader::State::malformed: worker_.counters.bad_requests.add(); return Step::failed;
        case ProxyHeader::State::whole: break;
    }
    if (!socket_->skip(header.length)) return Step::failed;
    header_due_ = false;
    deadline_ = now() + worker_.options.settings.tls.handshake_timeout.count();
    return take_header(header.source.value_or(address_));
}

Newcomer::Step Newcomer::take_header(const sockaddr_storage& source) {
    peer_.address = peer_address(source);
    if (place_.name(ConnectionCount::key_of(source))) return Step::arrived;
    worker_.counters.refused_of_address.add();
    return Step::failed;
}

// --- TLS

Newcomer::Step Newcomer::shake_hands() {
    switch (tls_->shake_hands()) {
        case TlsSocket::Handshake::blocked: return socket_->broken() ? Step::failed : Step::waiting;
        case TlsSocket::Handshake::done:
            peer_.tls = tls_->version();
            (tls_->resumed() ? worker_.counters.tls_resumed : worker_.counters.tls_full).add();
            return Step::arrived;
        case TlsSocket::Handshake::not_tls: tls_->send_plain(kPlainHttp); break;
        case TlsSocket::Handshake::failed: break;
    }
    worker_.counters.tls_failed.add();
    return Step::failed;
}

// --- what comes after

void Newcomer::hand_over() {
    if (tls_ && tls_->protocol() == "h2")
        return serve_http2(std::make_unique<Http2Connection>(worker_, std::move(socket_), std::move(peer_),
                                                             std::move(place_), std::string_view()));
    serve_http1(std::make_unique<Http1>(worker_, std::move(socket_), std::move(peer_), std::move(place_)));
}

}  // namespace bodega::edge
