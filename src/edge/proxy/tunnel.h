// Copies bytes in both directions between a client that has switched protocols and its upstream. Ends when the client
// or the upstream closes its connection, or when no byte has moved for a time.
//
// step() does everything that is possible without waiting. If one side does not accept bytes, they stay in the buffer,
// and the other side is not read until the buffer is empty.
#pragma once

#include <cstddef>
#include <cstdint>

#include "edge/exchange/exchange.h"
#include "edge/proxy/upstream_pool.h"

namespace bodega::edge {

class Tunnel {
public:
    // buffer: maximum bytes in memory for each direction. idle: the tunnel ends after this many ms without a byte.
    // Requires: x.switch_protocols() was called; `x` and `upstream` outlive the tunnel.
    Tunnel(Exchange& x, UpstreamConnection& upstream, std::size_t buffer, net::Moment idle) noexcept;

    enum class State : std::uint8_t { going, ended };
    State step();
    // true if step() stopped early to let other coroutines run
    bool wants_turn() const noexcept { return wants_turn_; }
    net::Moment deadline() const noexcept;

private:
    bool to_upstream();
    bool to_client();
    net::Moment now() const noexcept { return x_.wakeup().loop().now(); }

    Exchange& x_;
    UpstreamConnection& upstream_;
    const std::size_t buffer_;
    const net::Moment idle_;
    net::Moment progress_;
    bool client_ended_ = false;  // true if the client sends no more bytes
    bool ended_ = false;
    bool wants_turn_ = false;
};

}  // namespace bodega::edge
