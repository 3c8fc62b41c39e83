// A connected socket that speaks TLS as the server; OpenSSL works directly on the descriptor.
//
// OpenSSL reads and writes through this socket's own calls, which remember the readiness that epoll reported, so it
// makes no useless system call. If the kernel encrypts (kTLS), files go by SSL_sendfile; else they are read and
// encrypted a few records at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "edge/tls/tls_contexts.h"
#include "net/openssl.h"
#include "net/socket.h"

namespace bodega::edge {

class TlsSocket final : public net::Socket {
public:
    // Throws base::Error. Before the first handshake(), peek() and skip() read what precedes TLS.
    TlsSocket(net::Loop& loop, base::Fd fd, std::shared_ptr<const TlsContexts> contexts, net::Wakeup* wakeup);

    enum class Handshake : std::uint8_t {
        done,
        blocked,  // wait for an event
        not_tls,  // the client sent plain HTTP: send_plain() can answer
        failed,
    };
    // Continues the handshake. Don't call it again after done or failed.
    Handshake handshake();

    // --- after the handshake

    net::IoResult receive(net::Buffer& buffer, std::size_t limit,
                          net::Buffer::Room room = net::Buffer::Room::usual) override;
    net::IoResult receive(std::span<char> to) override;
    // blocked: some of the bytes may already be sent; offer the same bytes again, or more.
    net::IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept override;
    net::IoResult send_file(int file, off_t& offset, std::size_t count) noexcept override;
    void shut_writing() noexcept override;
    void close_notify() noexcept override;  // sends TLS's close_notify alert

    std::string_view protocol() const noexcept;  // agreed on by ALPN ("http/1.1"); empty: none
    std::string_view version() const noexcept { return SSL_get_version(ssl_.get()); }  // "TLSv1.3"; static storage
    bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }

    void send_plain(std::string_view text) noexcept;

private:
    class Bio;

    net::Io after(int result) noexcept;
    net::Io write_record(const char* bytes, std::size_t count, More more) noexcept;
    net::IoResult finish_pending(std::size_t offered, More more) noexcept;
    net::IoResult send_file_by_kernel(int file, off_t& offset, std::size_t count) noexcept;

    // Owners: the server while they are current, and each connection.
    const std::shared_ptr<const TlsContexts> contexts_;
    net::Ssl ssl_;             // null: nothing has arrived yet
    std::size_t record_ = 0;   // largest record, in bytes
    std::size_t pending_ = 0;  // bytes of a record that is encrypted but not completely sent
    More more_ = More::no;     // whether more follows what OpenSSL writes now
    bool kernel_sends_ = false;
    bool failed_ = false;
};

}  // namespace bodega::edge
