// Bytes both ways between a client that switched protocols and its upstream, until either ends or both fall silent.
//
// step() does all that can be done without waiting; what one side does not take stays in the other side's buffer,
// which then is not read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "edge/exchange/exchange.h"
#include "edge/proxy/upstream.h"

namespace bodega::edge {

class Tunnel {
public:
    // Both outlive it. Requires: x.switch_protocols() was called. buffer: bytes held each way; idle: ms of silence.
    Tunnel(Exchange& x, UpstreamConnection& upstream, std::size_t buffer, Moment idle) noexcept;

    enum class State : std::uint8_t { going, ended };
    State step();
    bool wants_turn() const noexcept { return wants_turn_; }  // step() could have gone on: let others run first
    Moment deadline() const noexcept;

private:
    bool to_upstream();
    bool to_client();
    Moment now() const noexcept { return x_.waiter().loop().now(); }

    Exchange& x_;
    UpstreamConnection& upstream_;
    const std::size_t buffer_;
    const Moment idle_;
    Moment progress_;
    bool client_ended_ = false;  // it sends no more
    bool ended_ = false;
    bool wants_turn_ = false;
};

}  // namespace bodega::edge
