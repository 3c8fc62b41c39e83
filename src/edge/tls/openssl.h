// OpenSSL's objects with their owners, and its error texts.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace bodega::edge {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

using SslContext = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Freed<SSL_free>>;
using X509Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using MemoryBio = std::unique_ptr<BIO, Freed<BIO_free>>;

// OpenSSL reports a call's error in the thread's error queue, which must be empty before the call. Cheap if it already
// is.
inline void forget_openssl_errors() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

// Returns the reason of the first error in the queue ("wrong tag"); empties the queue.
inline std::string openssl_error() {
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    std::string out = reason ? reason : "unknown error";
    ERR_clear_error();
    return out;
}

}  // namespace bodega::edge
