#include "acme/key.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <catch2/catch_test_macros.hpp>

#include "acme/seal.h"
#include "acme/validity.h"
#include "base/encoding.h"

using namespace bodega;
using namespace bodega::acme;

namespace {

net::X509Certificate read_certificate(const std::string& pem) {
    net::MemoryBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return net::X509Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

}  // namespace

TEST_CASE("a key survives writing to PEM and reading back", "[acme]") {
    Key key = Key::make();
    Key again = Key::of_pem(key.pem());
    CHECK(again.jwk() == key.jwk());
    CHECK(again.thumbprint() == key.thumbprint());
    CHECK(Key::make().thumbprint() != key.thumbprint());
    CHECK(key.thumbprint().size() == 43);
    CHECK(key.jwk().starts_with(R"({"crv":"P-256","kty":"EC","x":")"));
    CHECK(base::unbase64url(key.sign("text"))->size() == 64);
    CHECK(key.sign("text") != key.sign("text"));
    CHECK_THROWS_AS(Key::of_pem("no key"), base::Error);
}

TEST_CASE("a certificate request is signed by its key and contains the names", "[acme]") {
    Key key = Key::make();
    auto der = base::unbase64url(key.certificate_request({"a.example.org", "b.example.org"}));
    REQUIRE(der);
    const std::uint8_t* at = der->data();
    net::CertificateRequest request(d2i_X509_REQ(nullptr, &at, static_cast<long>(der->size())));
    REQUIRE(request);
    CHECK(X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())) == 1);
    std::string text(der->begin(), der->end());
    CHECK(text.find("a.example.org") != text.npos);
    CHECK(text.find("b.example.org") != text.npos);
}

TEST_CASE("a self-signed certificate serves until the first one is issued", "[acme]") {
    Key key = Key::make();
    std::string pem = key.own_certificate({"files.example.org", "x.example.org"});
    net::X509Certificate certificate = read_certificate(pem);
    REQUIRE(certificate);
    CHECK(X509_check_host(certificate.get(), "x.example.org", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(certificate.get(), "y.example.org", 0, 0, nullptr) == 0);
    CHECK(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())) == 1);
    Validity validity = validity_of(pem);
    CHECK(validity.from < base::now_ms());
    CHECK(validity.until > base::now_ms() + std::int64_t{3000} * 24 * 3600 * 1000);
    CHECK_THROWS_AS(validity_of("no certificate"), base::Error);
}

TEST_CASE("sealed data opens unchanged with the same secret and name, and only with them", "[acme]") {
    auto sealed = seal("secret", "account", "text");
    std::string bytes(sealed.begin(), sealed.end());
    CHECK(unseal("secret", "account", bytes) == "text");
    CHECK(bytes.find("text") == bytes.npos);
    CHECK(seal("secret", "account", "text") != sealed);
    CHECK(unseal("s", "n",
                 [] {
                     auto b = seal("s", "n", "");
                     return std::string(b.begin(), b.end());
                 }())
              .empty());
    CHECK_THROWS_AS(unseal("secret ", "account", bytes), base::Error);
    CHECK_THROWS_AS(unseal("secret", "certificate", bytes), base::Error);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_THROWS_AS(unseal("secret", "account", changed), base::Error);
        CHECK_THROWS_AS(unseal("secret", "account", bytes.substr(0, i)), base::Error);
    }
}
