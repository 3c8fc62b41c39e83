// A connected socket on which the server speaks TLS.
//
// OpenSSL reads and writes through net::Socket, which remembers what epoll has reported and so makes no useless system
// calls. If the kernel encrypts (kTLS), SSL_sendfile sends files. Otherwise files are read and encrypted a few records
// at a time.
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
    // Throws base::Error. Before the first handshake(), peek() and skip() read the bytes that precede TLS (a PROXY
    // header).
    TlsSocket(net::Loop& loop, base::Fd fd, std::shared_ptr<const TlsContexts> contexts, net::Wakeup* wakeup);

    enum class Handshake : std::uint8_t {
        done,
        blocked,  // wait for an event, then call it again
        not_tls,  // the client sent plain HTTP; send_plain() can answer
        failed,
    };
    // Continues the handshake. Do not call it after done or failed.
    Handshake handshake();

    // --- after the handshake

    net::IoResult receive(net::Buffer& buffer, std::size_t limit,
                          net::Buffer::Room room = net::Buffer::Room::usual) override;
    net::IoResult receive(std::span<char> to) override;
    // Returns blocked if not all bytes were sent. Then call it again with the same bytes; more bytes may follow them.
    net::IoResult send(std::span<const iovec> pieces, More more = More::no) noexcept override;
    net::IoResult send_file(int file, off_t& offset, std::size_t count) noexcept override;
    void shut_writing() noexcept override;
    void close_notify() noexcept override;  // sends TLS's close_notify alert

    // Returns the protocol that ALPN has selected, such as "http/1.1". Empty if ALPN was not used.
    std::string_view protocol() const noexcept;
    // for example "TLSv1.3"; has static storage
    std::string_view version() const noexcept { return SSL_get_version(ssl_.get()); }
    bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }

    void send_plain(std::string_view text) noexcept;

private:
    class Bio;

    net::Io after(int result) noexcept;
    net::Io write_record(const char* bytes, std::size_t count, More more) noexcept;
    net::IoResult finish_pending(std::size_t offered, More more) noexcept;
    net::IoResult send_file_by_kernel(int file, off_t& offset, std::size_t count) noexcept;

    // Shared with other connections, and with the server while these are the current contexts.
    const std::shared_ptr<const TlsContexts> contexts_;
    net::Ssl ssl_;             // null until the first byte has arrived
    std::size_t record_ = 0;   // the maximum size of a record, in bytes
    std::size_t pending_ = 0;  // bytes of a record that is encrypted but not sent completely
    More more_ = More::no;     // the flag for the socket while OpenSSL writes: yes if more bytes follow
    bool kernel_sends_ = false;
    bool failed_ = false;
};

}  // namespace bodega::edge
