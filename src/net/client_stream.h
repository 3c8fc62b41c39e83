// A blocking connection to a server, in plain TCP or in TLS with the server's certificate verified. One WaitLimit
// applies to all waits together, so a slow server can't exceed it. Used by one thread.
#pragma once

#include <span>
#include <string_view>

#include "base/fd.h"
#include "net/http_url.h"
#include "net/openssl.h"
#include "net/wait_limit.h"

namespace bodega::net {

class ClientStream {
public:
    // Connects to one of the addresses of the URL's host. `tls` is from make_tls_client_context(), and is not used for
    // http://. The certificate has to be for the URL's host (RFC 9525). `limit` must outlive the stream. Throws
    // Error{unavailable}.
    ClientStream(const HttpUrl& url, SSL_CTX* tls, const WaitLimit& limit);

    // Returns the number of bytes read; 0: the server ended the stream. Throws Error{unavailable} if the connection
    // broke, or if a TLS connection ended without close_notify: an attacker may have ended it (RFC 8446, section 6.1).
    std::size_t read(std::span<char> to);
    void write(std::string_view bytes);  // writes all bytes; throws like read()

private:
    void handshake(const HttpUrl& url, SSL_CTX* tls);
    template <class Call>
    int call_tls(Call call);

    const WaitLimit& limit_;
    const base::Fd fd_;
    Ssl ssl_;  // null: plain TCP
};

}  // namespace bodega::net
