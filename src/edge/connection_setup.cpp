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
#include "edge/tls/live_tls_contexts.h"

namespace bodega::edge {
namespace {

constexpr net::Moment kDrainGrace = 1000;

constexpr std::string_view kPlainHttp =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 53\r\n"
    "Connection: close\r\n\r\nThis port speaks HTTPS: use https:// in the address.\n";

net::Detached run_setup(std::unique_ptr<ConnectionSetup> setup) {
    try {
        ConnectionSetup::Step step = setup->advance();
        while (step == ConnectionSetup::Step::waiting) {
            net::Wake wake = co_await setup->wait();
            step = wake == net::Wake::event ? setup->advance() : ConnectionSetup::Step::failed;
        }
        if (step == ConnectionSetup::Step::arrived) setup->become_connection();
    } catch (const std::exception& e) {
        base::log::error("edge", "a new connection's setup failed", {{"error", e.what()}});
    }
}

}  // namespace

void set_up_connection(std::unique_ptr<ConnectionSetup> setup) { run_setup(std::move(setup)); }

ConnectionSetup::ConnectionSetup(LoopContext& context, base::Fd fd, const net::ListenOptions& options,
                                 const sockaddr_storage& address, Peer peer, Place place)
    : context_(context),
      options_(options),
      address_(address),
      peer_(std::move(peer)),
      place_(std::move(place)),
      wakeup_(context.loop),
      header_due_(options.proxy_protocol) {
    if (options_.secure) {
        auto tls = std::make_unique<TlsSocket>(context_.loop, std::move(fd), context_.tls->contexts(), &wakeup_);
        tls_ = tls.get();
        socket_ = std::move(tls);
    } else {
        socket_ = std::make_unique<net::Socket>(context_.loop, std::move(fd), net::Socket::Writable::always, &wakeup_);
    }
    const config::Edge& settings = context_.options.settings;
    deadline_ = now() + (header_due_ ? settings.head_timeout : settings.tls.handshake_timeout).count();
    context_.connections.add(*this);
}

ConnectionSetup::~ConnectionSetup() { context_.connections.remove(*this); }

// Does not close the connection at once: a request may already be on its way, so the client gets kDrainGrace to send
// it.
void ConnectionSetup::end_if_idle() noexcept {
    deadline_ = std::min(deadline_, now() + kDrainGrace);
    wakeup_.notify();
}

ConnectionSetup::Step ConnectionSetup::advance() {
    Step step = header_due_ ? read_header() : Step::arrived;
    if (step != Step::arrived || !tls_) return step;
    return handshake();
}

// --- the PROXY header

ConnectionSetup::Step ConnectionSetup::read_header() {
    std::array<char, ProxyHeader::kMax> bytes;
    net::IoResult result = socket_->peek(bytes);
    if (result.status == net::Io::blocked) return Step::waiting;
    if (result.status != net::Io::done) return Step::failed;
    ProxyHeader header = ProxyHeader::read({bytes.data(), result.bytes});
    switch (header.state) {
        case ProxyHeader::State::incomplete: return socket_->peer_closed() ? Step::failed : Step::waiting;
        case ProxyHeader::State::malformed: context_.counters.bad_requests.add(); return Step::failed;
        case ProxyHeader::State::whole: break;
    }
    if (!socket_->skip(header.length)) return Step::failed;
    header_due_ = false;
    deadline_ = now() + context_.options.settings.tls.handshake_timeout.count();
    return take_header(header.source.value_or(address_));
}

ConnectionSetup::Step ConnectionSetup::take_header(const sockaddr_storage& source) {
    peer_.address = net::peer_address(source);
    if (place_.name(ConnectionCount::key_of(source))) return Step::arrived;
    context_.counters.refused_of_address.add();
    return Step::failed;
}

// --- TLS

ConnectionSetup::Step ConnectionSetup::handshake() {
    switch (tls_->handshake()) {
        case TlsSocket::Handshake::blocked: return socket_->broken() ? Step::failed : Step::waiting;
        case TlsSocket::Handshake::done:
            peer_.tls = tls_->version();
            (tls_->resumed() ? context_.counters.tls_resumed : context_.counters.tls_full).add();
            return Step::arrived;
        case TlsSocket::Handshake::not_tls: tls_->send_plain(kPlainHttp); break;
        case TlsSocket::Handshake::failed: break;
    }
    context_.counters.tls_failed.add();
    return Step::failed;
}

// --- start of the negotiated protocol

void ConnectionSetup::become_connection() {
    if (tls_ && tls_->protocol() == "h2")
        return serve_http2(std::make_unique<Http2Connection>(context_, std::move(socket_), std::move(peer_),
                                                             std::move(place_), std::string_view()));
    serve_http1(std::make_unique<Http1>(context_, std::move(socket_), std::move(peer_), std::move(place_)));
}

}  // namespace bodega::edge
