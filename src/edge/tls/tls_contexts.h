// OpenSSL's contexts for TLS handshakes: one for each set of names, chosen by the name that the client asks for (SNI,
// RFC 6066 section 3).
//
// Constant after construction, so all threads share it. New certificates mean a new object; a connection keeps the one
// that it began with.
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
    // Throws base::Error{config_invalid}: see load_certificate. May block on the disk. `tickets` outlives it. http2:
    // also offer HTTP/2.
    TlsContexts(const config::Tls& settings, TicketKeys& tickets, bool http2);
    TlsContexts(const TlsContexts&) = delete;
    TlsContexts& operator=(const TlsContexts&) = delete;

    // For a new connection. Throws base::Error if there is no memory.
    net::Ssl make_ssl() const;

    // True if the kernel encrypts what is sent (kTLS), for ciphers that it supports.
    bool kernel_encrypts() const noexcept { return kernel_encrypts_; }

    struct Expiry {
        std::string name;  // one of the certificate's names
        std::int64_t at;   // in seconds since 1970
    };
    const std::vector<Expiry>& expiries() const noexcept { return expiries_; }

    // Returns the context whose certificate covers `name`, exactly or by a wildcard; nullptr: none. Ignores case.
    SSL_CTX* find(std::string_view name) const;

private:
    struct Context {
        net::SslContext ssl;
        std::vector<std::string> names;
        std::vector<int> key_types;  // one certificate of each type: the client's algorithms choose
    };

    void add(TlsCertificate certificate, const config::Tls& settings, TicketKeys& tickets);
    net::SslContext make_context(const config::Tls& settings, TicketKeys& tickets);

    const bool kernel_encrypts_;
    const bool http2_;
    std::vector<Expiry> expiries_;
    std::vector<Context> contexts_;  // the first also serves all other names
    std::map<std::string, SSL_CTX*, std::less<>> exact_;
    std::map<std::string, SSL_CTX*, std::less<>> wildcards_;  // by what follows "*."
};

}  // namespace bodega::edge
