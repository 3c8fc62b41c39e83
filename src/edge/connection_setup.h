// A connection until its protocol is known: first a PROXY header, where the listener takes one, then TLS's handshake.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>

#include "edge/exchange/connection_count.h"
#include "net/listener.h"
#include "edge/exchange/peer.h"
#include "net/socket.h"
#include "edge/tls/tls_socket.h"
#include "net/wakeup.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class Newcomer final : private Connections::Member {
public:
    // `address`: the socket's other end, of whom `peer` tells. Requires: manner.secure or manner.proxy_protocol.
    Newcomer(Worker& worker, base::Fd fd, const Manner& manner, const sockaddr_storage& address, Peer peer,
             Place place);
    ~Newcomer() override;

    enum class Step : std::uint8_t {
        waiting,  // for the peer's next bytes, by wait()
        arrived,  // hand_over() can follow
        failed,
    };
    // Goes on as far as it can.
    Step go_on();
    Waiter::Wait wait() noexcept { return waiter_.wait(deadline_); }

    // Has the protocol that was agreed on take the connection over.
    void hand_over();

private:
    void cut() noexcept override { waiter_.cancel(); }
    void end_if_idle() noexcept override;

    Step read_header();
    Step take_header(const sockaddr_storage& source);
    Step shake_hands();
    Moment now() const noexcept { return worker_.loop.now(); }

    Worker& worker_;
    const Manner manner_;
    const sockaddr_storage address_;
    Peer peer_;
    Place place_;
    Waiter waiter_;
    std::unique_ptr<Socket> socket_;
    TlsSocket* tls_ = nullptr;  // socket_, where the listener is secure
    Moment deadline_;
    bool header_due_;
};

// Leads a new connection to its protocol; frees itself.
void welcome(std::unique_ptr<Newcomer> newcomer);

}  // namespace bodega::edge
