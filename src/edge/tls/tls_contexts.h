// OpenSSL's contexts for TLS handshakes, one for each set of names. The server name that a client asks for (SNI, RFC
// 6066 section 3) selects the context.
//
// Constant after construction, so all threads share the object. New certificates need a new object. A connection keeps
// the object with which it began.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "edge/tls/ticket_keys.h"
#include "edge/tls/tls_certificate.h"
#include "net/openssl.h"

namespace bodega::edge {

class TlsContexts {
public:
    // Loads the certificates. Throws base::Error{config_invalid}: see load_certificate. May block on the disk. http2:
    // also offer HTTP/2 to clients. Requires: `tickets` outlives the TlsContexts.
    TlsContexts(const config::Tls& settings, TicketKeys& tickets, bool http2);
    TlsContexts(const TlsContexts&) = delete;
    TlsContexts& operator=(const TlsContexts&) = delete;

    // Returns an SSL object for a new connection. Throws base::Error if there is no memory.
    net::Ssl make_ssl() const;

    // True if the kernel encrypts what is sent (kTLS). It does so only for the ciphers that it supports.
    bool kernel_encrypts() const noexcept { return kernel_encrypts_; }

    struct Expiry {
        std::string name;  // one of the certificate's names
        std::int64_t at;   // seconds since 1970
    };
    const std::vector<Expiry>& expiries() const noexcept { return expiries_; }

    // Returns the context whose certificate has `name` or a wildcard for it. Returns nullptr if there is no such
    // context. Ignores case.
    SSL_CTX* find(std::string_view name) const;

private:
    struct Context {
        net::SslContext ssl;
        std::vector<std::string> names;
        // The types of the certificates' keys, one certificate of each type. OpenSSL selects the certificate whose type
        // the client supports.
        std::vector<int> key_types;
    };

    void add(TlsCertificate certificate, const config::Tls& settings, TicketKeys& tickets);
    net::SslContext make_context(const config::Tls& settings, TicketKeys& tickets);

    const bool kernel_encrypts_;
    const bool http2_;
    std::vector<Expiry> expiries_;
    std::vector<Context> contexts_;  // the first context serves all names that no context has
    std::map<std::string, SSL_CTX*, std::less<>> exact_;
    std::map<std::string, SSL_CTX*, std::less<>> wildcards_;  // the key is the part of the name after "*."
};

}  // namespace bodega::edge
