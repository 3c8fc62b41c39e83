// A P-256 key pair: the key of an account, which signs requests (ES256, RFC 7518 section 3.4), or the key of a
// certificate. Movable, not copyable; used by one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/openssl.h"

namespace bodega::acme {

class Key {
public:
    static Key make();
    // Throws Error{invalid} for text that pem() did not write.
    static Key of_pem(const std::string& pem);

    std::string pem() const;  // the private key as PKCS #8; secret

    std::string jwk() const;         // the public key as JSON, in the canonical form of RFC 7638
    std::string thumbprint() const;  // the SHA-256 of jwk(), in base64url

    std::string sign(std::string_view text) const;  // returns the signature in base64url

    // Returns a request for a certificate of these names (RFC 2986), DER in base64url.
    std::string certificate_request(const std::vector<std::string>& names) const;
    // Returns a self-signed certificate of these names, valid for ten years, in PEM.
    std::string own_certificate(const std::vector<std::string>& names) const;

private:
    explicit Key(net::PrivateKey key) : key_(std::move(key)) {}

    net::PrivateKey key_;
};

}  // namespace bodega::acme
