#include "edge/proxy/tunnel.h"

#include <sys/uio.h>

#include <algorithm>
#include <span>

namespace bodega::edge {
namespace {

constexpr int kMovesATurn = 64;  // number of buffers that one step() forwards before other connections get their turn

}  // namespace

Tunnel::Tunnel(Exchange& x, UpstreamConnection& upstream, std::size_t buffer, net::Moment idle) noexcept
    : x_(x), upstream_(upstream), buffer_(buffer), idle_(idle), progress_(now()) {}

Tunnel::State Tunnel::step() {
    if (x_.gone()) return State::ended;
    bool moved = true;
    for (int moves = 0; moved && !ended_ && moves < kMovesATurn; ++moves) {
        moved = to_upstream();
        if (!ended_) moved = to_client() || moved;
        if (moved) progress_ = now();
    }
    wants_turn_ = moved && !ended_;
    return ended_ ? State::ended : State::going;
}

// to_upstream() and to_client() return true if they have moved bytes.
bool Tunnel::to_upstream() {
    if (client_ended_) return false;
    switch (x_.poll_body()) {
        case Exchange::Body::bytes: break;
        case Exchange::Body::pending: return false;
        default:
            client_ended_ = true;
            upstream_.transport->shut_writing();
            return false;
    }
    std::string_view bytes = x_.body_bytes();
    iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
    net::IoResult result = upstream_.transport->send(std::span(&piece, 1));
    if (result.status == net::Io::failed) ended_ = true;
    x_.consume_body(result.bytes);
    return result.bytes > 0;
}

bool Tunnel::to_client() {
    if (upstream_.input.empty()) {
        net::IoResult result = upstream_.transport->receive(upstream_.input, buffer_);
        if (result.status == net::Io::ended || result.status == net::Io::failed) ended_ = true;
        if (result.status != net::Io::done) {
            std::string_view none;
            // Writes nothing new, but sends what the exchange still has in its buffer, for example the head of the 101.
            if (x_.write(none) == Exchange::Write::gone) ended_ = true;
            return false;
        }
    }
    std::string_view bytes = upstream_.input.view();
    const std::size_t offered = bytes.size();
    if (x_.write(bytes) == Exchange::Write::gone) ended_ = true;
    upstream_.input.consume(offered - bytes.size());
    return offered != bytes.size();
}

net::Moment Tunnel::deadline() const noexcept { return std::min(x_.deadline(), progress_ + idle_); }

}  // namespace bodega::edge
