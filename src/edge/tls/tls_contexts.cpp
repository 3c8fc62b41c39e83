#include "edge/tls/tls_contexts.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>

#include "base/error.h"
#include "base/fd.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

// The ciphers for TLS 1.2: only those with forward secrecy and authenticated encryption. All ciphers of TLS 1.3 have
// both.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";

// The server's order of ciphers decides. Only a client that prefers ChaCha20 gets ChaCha20, since such a client usually
// has no AES instructions.
constexpr std::uint64_t kOptions = SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_NO_RENEGOTIATION |
                                   // HTTP's framing detects truncated messages, so TLS need not.
                                   SSL_OP_IGNORE_UNEXPECTED_EOF;

// Protocols for ALPN (RFC 7301), in the server's order of preference.
constexpr std::string_view kHttp1 = "\x08http/1.1";
constexpr std::string_view kHttp2 = "\x02h2\x08http/1.1";

int on_protocols(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                 unsigned offered_length, void* ours) {
    const auto& protocols = *static_cast<const std::string_view*>(ours);
    unsigned char* out = nullptr;
    if (SSL_select_next_proto(&out, length, reinterpret_cast<const unsigned char*>(protocols.data()),
                              static_cast<unsigned>(protocols.size()), offered,
                              offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = out;
    return SSL_TLSEXT_ERR_OK;
}

int on_name(SSL* ssl, int*, void* contexts) noexcept {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (!name) return SSL_TLSEXT_ERR_NOACK;
    SSL_CTX* context = static_cast<const TlsContexts*>(contexts)->find(name);
    if (context && context != SSL_get_SSL_CTX(ssl)) SSL_set_SSL_CTX(ssl, context);
    return SSL_TLSEXT_ERR_OK;
}

// Returns the host name in a ClientHello's server_name extension (RFC 6066 section 3), which has only one entry.
// Returns an empty name without the extension.
std::string_view name_in_hello(SSL* ssl) noexcept {
    // The bytes before the name: the list's length (2), the entry's type (1), and the name's length (2).
    constexpr std::size_t kBeforeName = 5;
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &bytes, &size) != 1 || size < kBeforeName) return {};
    return {reinterpret_cast<const char*>(bytes) + kBeforeName, size - kBeforeName};
}

// Gives each server name its own session id context, so that a session is never resumed under another name (RFC 6066
// section 3). OpenSSL does not check the name over TLS 1.2, but it does check the session id context.
int on_hello(SSL* ssl, int*, void*) noexcept {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    std::string name(name_in_hello(ssl));
    std::transform(name.begin(), name.end(), name.begin(), http::lower);
    const bool done = EVP_Digest(name.data(), name.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1 &&
                      SSL_set_session_id_context(ssl, digest.data(), length) == 1;
    return done ? SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR;
}

// Tests whether the kernel supports TLS: tries to enable it on a socket that is not connected. A kernel with TLS
// returns ENOTCONN.
bool kernel_has_tls() noexcept {
    base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return fd && ::setsockopt(fd.get(), IPPROTO_TCP, TCP_ULP, "tls", sizeof "tls" - 1) != 0 && errno == ENOTCONN;
}

void require(bool done) {
    if (!done) throw base::Error(base::Code::internal, "could not set TLS up: " + net::openssl_error());
}

}  // namespace

TlsContexts::TlsContexts(const config::Tls& settings, TicketKeys& tickets, bool http2)
    : kernel_encrypts_(settings.kernel == "auto" && kernel_has_tls()), http2_(http2) {
    for (const std::string& pair : settings.certificates)
        add(load_certificate(CertificateFiles::of(pair)), settings, tickets);
}

net::SslContext TlsContexts::make_context(const config::Tls& settings, TicketKeys& tickets) {
    net::SslContext context(SSL_CTX_new(TLS_server_method()));
    require(context != nullptr);
    SSL_CTX* ssl = context.get();
    SSL_CTX_set_options(ssl, kOptions | (kernel_encrypts_ ? SSL_OP_ENABLE_KTLS : 0));
    // RELEASE_BUFFERS: idle connections keep no buffers. MOVING_WRITE_BUFFER: a blocked write may be repeated with the
    // same bytes at another address.
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // With read-ahead, one system call reads everything that has arrived; without it, each record needs two calls. With
    // kTLS the kernel delivers complete records.
    SSL_CTX_set_read_ahead(ssl, kernel_encrypts_ ? 0 : 1);
    require(SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(ssl, kCiphers) == 1 &&
            SSL_CTX_set1_groups_list(ssl, kGroups) == 1);
    // The server stores no sessions, since the clients' tickets contain them.
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_client_hello_cb(ssl, &on_hello, nullptr);
    SSL_CTX_set_timeout(ssl, std::chrono::duration_cast<std::chrono::seconds>(settings.ticket_rotation).count());
    tickets.serve(ssl);
    SSL_CTX_set_tlsext_servername_callback(ssl, &on_name);
    SSL_CTX_set_tlsext_servername_arg(ssl, this);
    SSL_CTX_set_alpn_select_cb(ssl, &on_protocols, const_cast<std::string_view*>(http2_ ? &kHttp2 : &kHttp1));
    return context;
}

void TlsContexts::add(TlsCertificate certificate, const config::Tls& settings, TicketKeys& tickets) {
    int type = EVP_PKEY_get_base_id(certificate.key.get());
    auto at = std::find_if(contexts_.begin(), contexts_.end(), [&](const Context& context) {
        return context.names == certificate.names &&
               std::find(context.key_types.begin(), context.key_types.end(), type) == context.key_types.end();
    });
    if (at == contexts_.end()) {
        contexts_.push_back({make_context(settings, tickets), certificate.names, {}});
        at = std::prev(contexts_.end());
    }
    expiries_.push_back({certificate.names.empty() ? "" : certificate.names.front(), certificate.expires_at});
    SSL_CTX* ssl = at->ssl.get();
    at->key_types.push_back(type);
    require(SSL_CTX_use_certificate(ssl, certificate.certificate.get()) == 1 &&
            SSL_CTX_use_PrivateKey(ssl, certificate.key.get()) == 1);
    for (const net::X509Certificate& link : certificate.chain) require(SSL_CTX_add1_chain_cert(ssl, link.get()) == 1);
    for (const std::string& name : certificate.names) {
        if (name.starts_with("*.")) wildcards_.emplace(name.substr(2), ssl);
        else exact_.emplace(name, ssl);
    }
}

net::Ssl TlsContexts::make_ssl() const {
    net::Ssl ssl(SSL_new(contexts_.front().ssl.get()));
    require(ssl != nullptr);
    return ssl;
}

SSL_CTX* TlsContexts::find(std::string_view asked) const {
    std::string name(asked);
    std::transform(name.begin(), name.end(), name.begin(), http::lower);
    if (auto at = exact_.find(name); at != exact_.end()) return at->second;
    // Try the wildcard: it stands for the first label of the name (RFC 6125 section 6.4.3).
    std::size_t dot = name.find('.');
    if (dot == name.npos || dot == 0) return nullptr;
    auto at = wildcards_.find(std::string_view(name).substr(dot + 1));
    return at == wildcards_.end() ? nullptr : at->second;
}

}  // namespace bodega::edge
