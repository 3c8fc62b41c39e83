// Sets up a new connection before its protocol is known: reads the PROXY header, if the listener expects one, then does
// the TLS handshake.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>

#include "edge/exchange/connection_count.h"
#include "edge/exchange/loop_context.h"
#include "edge/exchange/peer.h"
#include "edge/tls/tls_socket.h"
#include "net/listener.h"
#include "net/socket.h"
#include "net/wakeup.h"

namespace bodega::edge {

class ConnectionSetup final : private Connections::Member {
public:
    // address: the remote address of the socket. peer: what the Acceptor knows of the client. Requires: options.secure
    // or options.proxy_protocol.
    ConnectionSetup(LoopContext& context, base::Fd fd, const net::ListenOptions& options,
                    const sockaddr_storage& address, Peer peer, Place place);
    ~ConnectionSetup() override;

    enum class Step : std::uint8_t {
        waiting,  // the client has to send more bytes; call wait()
        arrived,  // the setup is complete; call become_connection()
        failed,
    };
    // Continues the setup as far as the received bytes allow. Never waits.
    Step advance();
    net::Wakeup::Wait wait() noexcept { return wakeup_.wait(deadline_); }

    // Starts HTTP/2 on the socket if ALPN has selected it, otherwise HTTP/1.1. Do not use this object after that.
    void become_connection();

private:
    void cut() noexcept override { wakeup_.cancel(); }
    void end_if_idle() noexcept override;

    Step read_header();
    Step take_header(const sockaddr_storage& source);
    Step handshake();
    net::Moment now() const noexcept { return context_.loop.now(); }

    LoopContext& context_;
    const net::ListenOptions options_;
    const sockaddr_storage address_;
    Peer peer_;
    Place place_;
    net::Wakeup wakeup_;
    std::unique_ptr<net::Socket> socket_;
    TlsSocket* tls_ = nullptr;  // the object in socket_ if the listener uses TLS, else null
    net::Moment deadline_;
    bool header_due_;
};

// Runs the setup, then starts the connection's protocol. Frees `setup` at the end.
void set_up_connection(std::unique_ptr<ConnectionSetup> setup);

}  // namespace bodega::edge
