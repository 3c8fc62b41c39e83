// Owning pointers to OpenSSL's objects, and functions for OpenSSL's errors.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "base/error.h"

namespace bodega::net {

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
using CertificateRequest = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using MemoryBio = std::unique_ptr<BIO, Freed<BIO_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

// Empties the thread's queue of OpenSSL errors. Call it before an OpenSSL call: an old error would look like that
// call's error. Cheap if the queue is already empty.
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

// Throws Error{internal} if `succeeded` is false. For OpenSSL calls that fail only when memory runs out.
inline void require_openssl(bool succeeded, const char* what) {
    if (!succeeded) throw base::Error(base::Code::internal, std::string(what) + ": " + openssl_error());
}

}  // namespace bodega::net
