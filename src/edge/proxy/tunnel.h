// Copies bytes both ways between a client that switched protocols and its upstream, until either closes or both are
// idle.
//
// step() does everything that is possible without waiting. Bytes that one side does not take stay in the other side's
// buffer, which is then not read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "edge/exchange/exchange.h"
#include "edge/proxy/upstream_pool.h"

namespace bodega::edge {

class Tunnel {
public:
    // Both outlive it. Requires: x.switch_protocols() was called. buffer: bytes held each way; idle: ms of silence
    // before it ends.
    Tunnel(Exchange& x, UpstreamConnection& upstream, std::size_t buffer, net::Moment idle) noexcept;

    enum class State : std::uint8_t { going, ended };
    State step();
    bool wants_turn() const noexcept { return wants_turn_; }  // step() stopped early to let other coroutines run
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
    bool client_ended_ = false;  // the client sends no more
    bool ended_ = false;
    bool wants_turn_ = false;
};

}  // namespace bodega::edge
