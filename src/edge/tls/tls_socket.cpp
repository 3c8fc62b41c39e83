#include "edge/tls/tls_socket.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace bodega::edge {
namespace {

constexpr std::size_t kRecord = 16 << 10;  // the most bytes of a record (RFC 8446 section 5.1)
// The most bytes of a file that are read and encrypted at a time. A multiple of kRecord.
constexpr std::size_t kFileStep = 64 << 10;

// Returns this thread's memory for collecting the bytes of a record. It is allocated when it is first used.
std::span<char> scratch() noexcept {
    thread_local const std::unique_ptr<char[]> memory(new (std::nothrow) char[kFileStep]);
    return {memory.get(), memory ? kFileStep : 0};
}

// Returns the size of the records to send, in bytes. It is less than kRecord if the client has asked for that (RFC 6066
// section 4).
std::size_t record_size(const SSL* ssl) noexcept {
    constexpr std::size_t kLeast = 512;
    std::uint8_t mode = SSL_SESSION_get_max_fragment_length(SSL_get0_session(ssl));
    return mode == TLSEXT_max_fragment_length_DISABLED ? kRecord : kLeast << (mode - 1);
}

// Copies bytes of the pieces into `out`, as many as fit. Ignores the first `skip` bytes. Returns the number of copied
// bytes.
std::size_t gather(std::span<const iovec> pieces, std::size_t skip, std::span<char> out) noexcept {
    std::size_t filled = 0;
    for (const iovec& piece : pieces) {
        std::size_t passed = std::min(skip, piece.iov_len);
        skip -= passed;
        std::size_t some = std::min(piece.iov_len - passed, out.size() - filled);
        if (some > 0) std::memcpy(out.data() + filled, static_cast<const char*>(piece.iov_base) + passed, some);
        filled += some;
    }
    return filled;
}

}  // namespace

// OpenSSL's socket BIO, except that it reads and writes with the functions of net::Socket.
class TlsSocket::Bio {
public:
    static BIO* make(TlsSocket& socket) {
        static BIO_METHOD* const method = make_method();
        BIO* bio = method ? BIO_new(method) : nullptr;
        if (!bio) return nullptr;
        BIO_set_fd(bio, socket.fd(), BIO_NOCLOSE);
        // Stores the socket in the callback argument, the only field of a BIO that the socket BIO's methods do not use.
        BIO_set_callback_arg(bio, reinterpret_cast<char*>(&socket));
        return bio;
    }

private:
    static BIO_METHOD* make_method() {
        BIO_METHOD* method = BIO_meth_new(BIO_TYPE_SOCKET, "socket on a loop");
        if (!method) return nullptr;
        const BIO_METHOD* plain = BIO_s_socket();
        BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(plain));
        BIO_meth_set_create(method, BIO_meth_get_create(plain));
        BIO_meth_set_destroy(method, BIO_meth_get_destroy(plain));
        BIO_meth_set_read(method, &read);
        BIO_meth_set_write(method, &write);
        return method;
    }

    static TlsSocket& socket_of(BIO* bio) { return *reinterpret_cast<TlsSocket*>(BIO_get_callback_arg(bio)); }

    static int read(BIO* bio, char* out, int size) {
        TlsSocket& socket = socket_of(bio);
        BIO_clear_retry_flags(bio);
        net::IoResult result = socket.receive_into({out, static_cast<std::size_t>(size)});
        if (result.status == net::Io::blocked) BIO_set_retry_read(bio);
        if (result.status == net::Io::ended) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        return result.status == net::Io::done    ? static_cast<int>(result.bytes)
               : result.status == net::Io::ended ? 0
                                                 : -1;
    }

    static int write(BIO* bio, const char* bytes, int size) {
        TlsSocket& socket = socket_of(bio);
        BIO_clear_retry_flags(bio);
        const iovec piece{const_cast<char*>(bytes), static_cast<std::size_t>(size)};
        net::IoResult result = socket.Socket::send({&piece, 1}, socket.more_);
        if (result.status == net::Io::blocked) BIO_set_retry_write(bio);
        return result.status == net::Io::done ? static_cast<int>(result.bytes) : -1;
    }
};

TlsSocket::TlsSocket(net::Loop& loop, base::Fd fd, std::shared_ptr<const TlsContexts> contexts, net::Wakeup* wakeup)
    : net::Socket(loop, std::move(fd), Writable::always, wakeup), contexts_(std::move(contexts)) {}

TlsSocket::Handshake TlsSocket::handshake() {
    if (!ssl_) {
        if (!readable_) return Handshake::blocked;
        ssl_ = contexts_->make_ssl();
        // With kTLS, uses OpenSSL's own socket BIO: only that BIO can pass alerts to the kernel.
        BIO* bio = contexts_->kernel_encrypts() ? BIO_new_socket(fd(), BIO_NOCLOSE) : Bio::make(*this);
        if (!bio) throw std::bad_alloc();
        SSL_set_bio(ssl_.get(), bio, bio);
    }
    net::forget_openssl_errors();
    int result = SSL_accept(ssl_.get());
    if (result == 1) {
        kernel_sends_ = BIO_get_ktls_send(SSL_get_wbio(ssl_.get())) != 0;
        record_ = record_size(ssl_.get());
        return Handshake::done;
    }
    bool plain = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
    if (after(result) == net::Io::blocked) return Handshake::blocked;
    return plain ? Handshake::not_tls : Handshake::failed;
}

void TlsSocket::send_plain(std::string_view text) noexcept {
    const iovec piece{const_cast<char*>(text.data()), text.size()};
    net::Socket::send({&piece, 1}, More::no);
}

std::string_view TlsSocket::protocol() const noexcept {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
}

// Converts the result of a failed SSL call into a net::Io.
net::Io TlsSocket::after(int result) noexcept {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ: readable_ = false; return net::Io::blocked;
        case SSL_ERROR_WANT_WRITE: writable_ = false; return net::Io::blocked;
        case SSL_ERROR_ZERO_RETURN: closed_ = true; return net::Io::ended;
        default: break;
    }
    ERR_clear_error();
    failed_ = true;
    return net::Io::failed;
}

net::IoResult TlsSocket::receive(net::Buffer& buffer, std::size_t limit, net::Buffer::Room room) {
    if (!readable_ && SSL_has_pending(ssl_.get()) == 0) return {net::Io::blocked};
    std::span<char> space = buffer.space(limit, room);
    if (space.empty()) return {net::Io::failed};  // the memory budget is used up, so the buffer can't grow
    net::IoResult result = receive(space);
    buffer.commit(result.bytes);
    return result;
}

net::IoResult TlsSocket::receive(std::span<char> to) {
    if (!readable_ && SSL_has_pending(ssl_.get()) == 0) return {net::Io::blocked};
    std::size_t total = 0;
    do {
        std::size_t got = 0;
        net::forget_openssl_errors();
        if (SSL_read_ex(ssl_.get(), to.data() + total, to.size() - total, &got) != 1) {
            net::Io io = after(0);
            if (total == 0) return {io};
            break;  // return the bytes that were read; the next call finds the end or the error again
        }
        total += got;
    } while (total < to.size() && (readable_ || SSL_has_pending(ssl_.get()) == 1));
    return {net::Io::done, total};
}

// Writes at most one record. Returns blocked if the record is encrypted but not completely sent. Then call it again
// with the same bytes.
net::Io TlsSocket::write_record(const char* bytes, std::size_t count, More more) noexcept {
    more_ = more;
    std::size_t sent = 0;
    net::forget_openssl_errors();
    bool done = SSL_write_ex(ssl_.get(), bytes, count, &sent) == 1;
    more_ = More::no;
    pending_ = done ? 0 : count;
    return done ? net::Io::done : after(0);
}

// Sends the rest of a record that is already encrypted. OpenSSL must get the length of that record again. With a larger
// length it would also encrypt the bytes that follow in memory.
net::IoResult TlsSocket::finish_pending(std::size_t offered, More more) noexcept {
    std::size_t bytes = pending_;
    if (bytes == 0) return {net::Io::done};
    if (offered < bytes) return {net::Io::failed};
    net::Io io = write_record(scratch().data(), bytes, more);
    return {io, io == net::Io::done ? bytes : 0};
}

net::IoResult TlsSocket::send(std::span<const iovec> pieces, More more) noexcept {
    // With kTLS, sends on the socket and not by SSL_write. When the kernel does not accept all bytes, SSL_write keeps a
    // pointer to them, but their memory may be reused before the next call.
    if (kernel_sends_) return net::Socket::send(pieces, more);
    if (!writable_) return {net::Io::blocked};
    std::size_t offered = 0;
    for (const iovec& piece : pieces) offered += piece.iov_len;
    std::span<char> memory = scratch().first(std::min(record_, scratch().size()));
    if (memory.empty()) return {net::Io::failed};
    net::IoResult result = finish_pending(offered, more);
    while (result.status == net::Io::done && result.bytes < offered) {
        std::size_t count = std::min(offered - result.bytes, record_);
        const char* bytes = memory.data();
        if (pieces.size() == 1) bytes = static_cast<const char*>(pieces[0].iov_base) + result.bytes;
        else count = gather(pieces, result.bytes, memory);
        bool last = result.bytes + count == offered;
        result.status = write_record(bytes, count, last ? more : More::yes);
        if (result.status == net::Io::done) result.bytes += count;
    }
    if (result.status == net::Io::blocked && result.bytes > 0) result.status = net::Io::done;
    return result;
}

net::IoResult TlsSocket::send_file(int file, off_t& offset, std::size_t count) noexcept {
    if (!writable_) return {net::Io::blocked};
    if (kernel_sends_) return send_file_by_kernel(file, offset, count);
    std::span<char> memory = scratch();
    if (memory.empty()) return {net::Io::failed};
    net::IoResult result = finish_pending(count, More::yes);
    while (result.status == net::Io::done && result.bytes < count) {
        auto wanted = std::min(count - result.bytes, memory.size());
        ssize_t got = ::pread(file, memory.data(), wanted, offset + static_cast<off_t>(result.bytes));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) result.status = net::Io::failed;
        std::size_t done = 0;
        while (result.status == net::Io::done && done < static_cast<std::size_t>(got)) {
            std::size_t some = std::min(static_cast<std::size_t>(got) - done, record_);
            bool last = result.bytes + some == count;
            result.status = write_record(memory.data() + done, some, last ? More::no : More::yes);
            if (result.status != net::Io::done) break;
            done += some;
            result.bytes += some;
        }
    }
    offset += static_cast<off_t>(result.bytes);
    if (result.status == net::Io::blocked && result.bytes > 0) result.status = net::Io::done;
    return result;
}

net::IoResult TlsSocket::send_file_by_kernel(int file, off_t& offset, std::size_t count) noexcept {
    net::forget_openssl_errors();
    ossl_ssize_t sent = SSL_sendfile(ssl_.get(), file, offset, count, 0);
    if (sent == 0) return {net::Io::failed};  // the file is shorter than expected
    if (sent < 0) {
        net::Io io = after(static_cast<int>(sent));
        if (io == net::Io::blocked) writable_ = false;
        return {io};
    }
    offset += static_cast<off_t>(sent);
    return {net::Io::done, static_cast<std::size_t>(sent)};
}

void TlsSocket::shut_writing() noexcept {
    close_notify();
    net::Socket::shut_writing();
}

void TlsSocket::close_notify() noexcept {
    if (!ssl_ || failed_ || pending_ > 0) return;
    net::forget_openssl_errors();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

}  // namespace bodega::edge
