// A connected socket that speaks TLS, as the server, by OpenSSL straight on the descriptor.
//
// OpenSSL reads and writes through the socket's own calls, which remember what epoll said, so it never asks in vain.
// Where the kernel encrypts (kTLS), files go by SSL_sendfile; else they are read and encrypted a few records at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "edge/tls/openssl.h"
#include "net/socket.h"
#include "edge/tls/tls_contexts.h"

namespace bodega::edge {

class TlsSocket final : public Socket {
public:
    // Throws base::Error. Before the first shake_hands(), peek() and skip() take what comes in front of TLS.
    TlsSocket(Loop& loop, base::Fd fd, std::shared_ptr<const TlsContexts> contexts, Waiter* waiter);

    enum class Handshake : std::uint8_t {
        done,
        blocked,  // wait for an event
        not_tls,  // plain HTTP came: an answer can be sent by send_plain()
        failed,
    };
    // Goes on with the handshake. Not called again once it is done or has failed.
    Handshake shake_hands();

    // --- after the handshake

    IoResult receive(Buffer& buffer, std::size_t limit, Buffer::Room room = Buffer::Room::usual) override;
    IoResult receive(std::span<char> to) override;
    // blocked: some of it may be on its way already; offer the same bytes again, or more.
    IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept override;
    IoResult send_file(int file, off_t& offset, std::size_t count) noexcept override;
    void shut_writing() noexcept override;
    void say_goodbye() noexcept override;  // close_notify

    std::string_view protocol() const noexcept;  // agreed on by ALPN ("http/1.1"); empty: none
    std::string_view version() const noexcept { return SSL_get_version(ssl_.get()); }  // "TLSv1.3"; static storage
    bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }

    void send_plain(std::string_view text) noexcept;

private:
    class Bio;

    Io after(int result) noexcept;
    Io write_record(const char* bytes, std::size_t count, More more) noexcept;
    IoResult finish_pending(std::size_t offered, More more) noexcept;
    IoResult send_file_by_kernel(int file, off_t& offset, std::size_t count) noexcept;

    const std::shared_ptr<const TlsContexts> contexts_;  // owners: the server while they are new, and each connection
    Ssl ssl_;                                            // null: nothing has come yet
    std::size_t record_ = 0;                             // bytes of one at most
    std::size_t pending_ = 0;                            // bytes of a record that is encrypted but not sent
    More more_ = More::no;                               // follows what OpenSSL writes now
    bool kernel_sends_ = false;
    bool failed_ = false;
};

}  // namespace bodega::edge
