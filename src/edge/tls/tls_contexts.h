// What TLS handshakes are made with: OpenSSL's contexts, one for each set of names, chosen by the name that the
// client asks for (SNI, RFC 6066 section 3).
//
// Constant after construction, so it is shared by all threads. New certificates are a new object; a connection keeps
// the one that it began with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "edge/tls/openssl.h"
#include "edge/tls/ticket_keys.h"
#include "edge/tls/tls_certificate.h"

namespace bodega::edge {

class TlsContexts {
public:
    // Throws base::Error{config_invalid}: see load_certificate. May block on the disk. `tickets` outlives it.
    // http2: it is offered, too.
    TlsContexts(const config::Tls& settings, TicketKeys& tickets, bool http2);
    TlsContexts(const TlsContexts&) = delete;
    TlsContexts& operator=(const TlsContexts&) = delete;

    // A new connection's. Throws base::Error if there is no memory.
    Ssl make_ssl() const;

    // Whether the kernel encrypts what is sent (kTLS), for ciphers that it knows.
    bool kernel_encrypts() const noexcept { return kernel_encrypts_; }

    struct Expiry {
        std::string name;  // one of the certificate's
        std::int64_t at;   // in seconds since 1970
    };
    const std::vector<Expiry>& expiries() const noexcept { return expiries_; }

    // The context whose certificate is for `name`, exactly or by a wildcard; nullptr: none. Ignores case.
    SSL_CTX* find(std::string_view name) const;

private:
    struct Context {
        SslContext ssl;
        std::vector<std::string> names;
        std::vector<int> key_types;  // a certificate of each: the client's algorithms choose
    };

    void add(TlsCertificate certificate, const config::Tls& settings, TicketKeys& tickets);
    SslContext make_context(const config::Tls& settings, TicketKeys& tickets);

    const bool kernel_encrypts_;
    const bool http2_;
    std::vector<Expiry> expiries_;
    std::vector<Context> contexts_;  // the first is for all other names
    std::map<std::string, SSL_CTX*, std::less<>> exact_;
    std::map<std::string, SSL_CTX*, std::less<>> wildcards_;  // by what follows "*."
};

}  // namespace bodega::edge
