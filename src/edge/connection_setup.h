// A connection before its protocol is known: reads the PROXY header, if the listener expects one, then does the TLS
// handshake.
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
    // address: the address of the socket's other end. peer: describes that end. Requires: options.secure or
    // options.proxy_protocol.
    ConnectionSetup(LoopContext& context, base::Fd fd, const net::ListenOptions& options,
                    const sockaddr_storage& address, Peer peer, Place place);
    ~ConnectionSetup() override;

    enum class Step : std::uint8_t {
        waiting,  // needs more bytes of the client; call wait()
        arrived,  // complete; call become_connection()
        failed,
    };
    // Advances as far as possible without waiting.
    Step advance();
    net::Wakeup::Wait wait() noexcept { return wakeup_.wait(deadline_); }

    // Starts the negotiated protocol, which takes over the connection.
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
    TlsSocket* tls_ = nullptr;  // points to socket_ if the listener is secure
    net::Moment deadline_;
    bool header_due_;
};

// Runs the setup of a new connection, then starts its protocol. The setup frees itself.
void set_up_connection(std::unique_ptr<ConnectionSetup> setup);

}  // namespace bodega::edge
