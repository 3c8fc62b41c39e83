#include "net/client_stream.h"

#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "base/network.h"
#include "net/host_lookup.h"

namespace bodega::net {
namespace {

[[noreturn]] void fail(const std::string& why) { throw base::Error(base::Code::unavailable, why); }

// Connects, or fails with ETIMEDOUT at `until`. Returns 0 or an errno.
int connect_error(int fd, const Endpoint& to, const WaitLimit& limit, base::Steady::time_point until) {
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to.address), to.length) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!limit.await(fd, POLLOUT, until)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// Divides the time among the addresses, so that an address that does not respond leaves time for the others.
base::Fd connect_to(const HttpUrl& url, const WaitLimit& limit) {
    const std::vector<Endpoint> addresses = look_up_host(url.host, url.port, limit);
    int error = EHOSTUNREACH;
    auto left = static_cast<std::int64_t>(addresses.size());
    for (const Endpoint& address : addresses) {
        const auto now = base::Steady::now();
        const auto until = left == 1 ? limit.deadline() : now + (limit.deadline() - now) / left;
        --left;
        base::Fd fd(::socket(address.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        error = fd ? connect_error(fd.get(), address, limit, until) : errno;
        if (error == 0) return fd;
    }
    fail("can't connect to " + url.server() + ": " + std::generic_category().message(error));
}

// Makes the handshake fail if the certificate is not for `host`, which is a name or an address.
bool expect_host(SSL* ssl, const std::string& host) {
    if (base::parse_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    // RFC 9525, section 6.3: only subjectAltName is compared, and a wildcard stands for a whole label.
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

}  // namespace

ClientStream::ClientStream(const HttpUrl& url, SSL_CTX* tls, const WaitLimit& limit)
    : limit_(limit), fd_(connect_to(url, limit)) {
    if (url.is_https) handshake(url, tls);
}

// Repeats an OpenSSL call until it is done. Returns SSL_ERROR_NONE, or the error that ended it.
template <class Call>
int ClientStream::call_tls(Call call) {
    for (;;) {
        forget_openssl_errors();
        const int result = call();
        if (result == 1) return SSL_ERROR_NONE;
        const int error = SSL_get_error(ssl_.get(), result);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return error;
        limit_.await(fd_.get(), error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
    }
}

void ClientStream::handshake(const HttpUrl& url, SSL_CTX* tls) {
    ssl_.reset(SSL_new(tls));
    require_openssl(ssl_ && SSL_set_fd(ssl_.get(), fd_.get()) == 1 && expect_host(ssl_.get(), url.host), "TLS");
    if (call_tls([&] { return SSL_connect(ssl_.get()); }) == SSL_ERROR_NONE) return;
    const long verified = SSL_get_verify_result(ssl_.get());
    const std::string why = verified == X509_V_OK ? openssl_error() : X509_verify_cert_error_string(verified);
    forget_openssl_errors();
    fail("no TLS with " + url.server() + ": " + why);
}

std::size_t ClientStream::read(std::span<char> to) {
    if (ssl_) {
        std::size_t got = 0;
        const int error = call_tls([&] { return SSL_read_ex(ssl_.get(), to.data(), to.size(), &got); });
        if (error == SSL_ERROR_NONE) return got;
        forget_openssl_errors();
        if (error == SSL_ERROR_ZERO_RETURN) return 0;
        fail("the connection to " + limit_.server() + " broke");
    }
    for (;;) {
        const ssize_t got = ::recv(fd_.get(), to.data(), to.size(), 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN) limit_.await(fd_.get(), POLLIN);
        else if (errno != EINTR) fail("the connection to " + limit_.server() + " broke");
    }
}

void ClientStream::write(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t sent = 0;
        if (ssl_) {
            const auto send = [&] { return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent); };
            if (call_tls(send) != SSL_ERROR_NONE) fail("the connection to " + limit_.server() + " broke");
        } else if (const ssize_t result = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); result >= 0) {
            sent = static_cast<std::size_t>(result);
        } else if (errno == EAGAIN) {
            limit_.await(fd_.get(), POLLOUT);
        } else if (errno != EINTR) {
            fail("the connection to " + limit_.server() + " broke");
        }
        bytes.remove_prefix(sent);
    }
}

}  // namespace bodega::net
