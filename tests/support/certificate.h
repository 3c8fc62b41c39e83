// Certificates for servers under test.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace bodega::test {

// Writes into `folder`: ca.pem, a new authority, and server.pem with server.key, which it signed for localhost and
// 127.0.0.1; valid for a day.
void make_certificate(const std::filesystem::path& folder);

struct Wanted {
    std::string names = "DNS:localhost,IP:127.0.0.1";  // in OpenSSL's form of a subjectAltName
    std::string key = "P-256";                         // or RSA
    long from_days = -1;
    long to_days = 1;
    std::string password;  // of the key's file; empty: none
    bool with_issuer = true;
};

// A new authority, in an existing folder: ca.pem.
class Authority {
public:
    explicit Authority(std::filesystem::path folder);

    // Writes NAME.pem and NAME.key; returns both paths in the form of edge.tls.certificates. The name is the subject's,
    // too. Replaces existing files in one step.
    std::string issue(const std::string& name, const Wanted& wanted = {});

    std::string file() const { return folder_ / "ca.pem"; }

private:
    const std::filesystem::path folder_;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    const std::unique_ptr<X509, decltype(&X509_free)> certificate_;
    long serial_ = 1;
};

}  // namespace bodega::test
