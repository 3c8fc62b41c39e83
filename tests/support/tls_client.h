// A raw TLS client on OpenSSL, with options for the handshake and its results.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>

#include "support/edge_sockets.h"

namespace bodega::test {

using TlsSession = std::shared_ptr<SSL_SESSION>;

struct TlsWishes {
    int version = TLS1_3_VERSION;  // only this version
    std::string name;              // SNI; empty: none
    std::string protocols;         // ALPN as on the wire: "\x08http/1.1"; empty: none
    std::string ciphers;           // of TLS 1.2
    int fragment = 0;              // a max_fragment_length's code (RFC 6066 section 4): 1 is 512 bytes
    TlsSession session;            // to resume
    std::string preface;           // bytes before TLS: a PROXY header
    int receive_buffer = 0;
};

class TlsClient : public RawClient {
public:
    // Shakes hands with `url` ("https://127.0.0.1:4711"), or notes that it failed.
    explicit TlsClient(const std::string& url, TlsWishes wishes = {});

    TlsClient(TlsClient&&) = default;
    ~TlsClient() override;

    bool connected() const noexcept { return connected_; }
    bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
    std::string protocol() const;  // by ALPN
    std::string subject() const;   // the certificate's CN
    long serial() const;           // the certificate's
    std::string version() const { return SSL_get_version(ssl_.get()); }
    std::string cipher() const { return SSL_get_cipher_name(ssl_.get()); }
    int alert() const noexcept { return alert_; }  // that ended the handshake; 0: none
    bool closed_well() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
    // The session to resume; with TLS 1.3 it exists after the first answer.
    TlsSession session() const;
    void renew_keys();  // KeyUpdate (RFC 8446 section 4.6.3), both ways

private:
    ssize_t write_some(const char* bytes, std::size_t count) override;
    ssize_t read_some(char* out, std::size_t max) override;

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    bool connected_ = false;
    int alert_ = 0;
};

}  // namespace bodega::test
