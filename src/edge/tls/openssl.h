// OpenSSL's objects with their owners, and what went wrong in its words.
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

// A call's error is told by this thread's queue, which has to be empty before it. Cheap when it is.
inline void forget_openssl_errors() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

// What the first error in the queue says ("wrong tag"); empties the queue.
inline std::string openssl_error() {
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    std::string out = reason ? reason : "unknown error";
    ERR_clear_error();
    return out;
}

}  // namespace bodega::edge
