#include "acme/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/encoding.h"
#include "base/random.h"

namespace bodega::acme {
namespace {

constexpr std::size_t kCoordinate = 32;
constexpr long kTenYears = 3650L * 24 * 3600;

using Number = std::unique_ptr<BIGNUM, net::Freed<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, net::Freed<ECDSA_SIG_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, net::Freed<X509_EXTENSION_free>>;

std::string text_of(const net::MemoryBio& bio) {
    char* bytes = nullptr;
    long size = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::array<std::uint8_t, kCoordinate> padded(const BIGNUM* number) {
    std::array<std::uint8_t, kCoordinate> out{};
    net::require_openssl(BN_bn2binpad(number, out.data(), static_cast<int>(out.size())) == static_cast<int>(out.size()),
                         "a key");
    return out;
}

std::string coordinate(EVP_PKEY* key, const char* name) {
    BIGNUM* found = nullptr;
    net::require_openssl(EVP_PKEY_get_bn_param(key, name, &found) == 1, "a key");
    Number number(found);
    return base::base64url(padded(number.get()));
}

Extension names_extension(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list.append(list.empty() ? "DNS:" : ",DNS:").append(name);
    Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, list.c_str()));
    net::require_openssl(extension != nullptr, "a certificate's names");
    return extension;
}

}  // namespace

Key Key::make() {
    net::PrivateKey key(EVP_EC_gen("P-256"));
    net::require_openssl(key != nullptr, "make a key");
    return Key(std::move(key));
}

Key Key::of_pem(const std::string& pem) {
    net::MemoryBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    net::PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    if (!key) throw base::Error(base::Code::invalid, "acme: a key can't be read: " + net::openssl_error());
    return Key(std::move(key));
}

std::string Key::pem() const {
    net::MemoryBio bio(BIO_new(BIO_s_mem()));
    net::require_openssl(
        bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write a key");
    return text_of(bio);
}

std::string Key::jwk() const {
    return R"({"crv":"P-256","kty":"EC","x":")" + coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X) + R"(","y":")" +
           coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y) + R"("})";
}

std::string Key::thumbprint() const {
    std::string text = jwk();
    std::array<std::uint8_t, 32> digest{};
    net::require_openssl(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
                         "SHA-256");
    return base::base64url(digest);
}

std::string Key::sign(std::string_view text) const {
    net::DigestContext context(EVP_MD_CTX_new());
    std::array<std::uint8_t, 128> der{};
    std::size_t size = der.size();
    auto bytes = base::as_bytes(text);
    net::require_openssl(context &&
                             EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
                             EVP_DigestSign(context.get(), der.data(), &size, bytes.data(), bytes.size()) == 1,
                         "sign");
    const std::uint8_t* at = der.data();
    Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    net::require_openssl(signature != nullptr, "sign");
    auto r = padded(ECDSA_SIG_get0_r(signature.get())), s = padded(ECDSA_SIG_get0_s(signature.get()));
    base::Bytes raw(r.begin(), r.end());
    raw.insert(raw.end(), s.begin(), s.end());
    return base::base64url(raw);
}

std::string Key::certificate_request(const std::vector<std::string>& names) const {
    net::CertificateRequest request(X509_REQ_new());
    Extension extension = names_extension(names);
    STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
    net::require_openssl(request && extensions && sk_X509_EXTENSION_push(extensions, extension.get()) > 0, "a request");
    bool made = X509_REQ_set_pubkey(request.get(), key_.get()) == 1 &&
                X509_REQ_add_extensions(request.get(), extensions) == 1 &&
                X509_REQ_sign(request.get(), key_.get(), EVP_sha256()) > 0;
    sk_X509_EXTENSION_free(extensions);
    net::require_openssl(made, "a request");
    base::Bytes der(static_cast<std::size_t>(i2d_X509_REQ(request.get(), nullptr)));
    std::uint8_t* at = der.data();
    i2d_X509_REQ(request.get(), &at);
    return base::base64url(der);
}

std::string Key::own_certificate(const std::vector<std::string>& names) const {
    net::X509Certificate certificate(X509_new());
    Extension extension = names_extension(names);
    X509* x = certificate.get();
    X509_NAME* subject = X509_get_subject_name(x);
    bool made = ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), 1 + base::random_below(1ULL << 62)) == 1 &&
                X509_set_version(x, 2) == 1 && X509_gmtime_adj(X509_getm_notBefore(x), -3600) &&
                X509_gmtime_adj(X509_getm_notAfter(x), kTenYears) &&
                X509_NAME_add_entry_by_txt(
                    subject, "CN", MBSTRING_UTF8,
                    reinterpret_cast<const unsigned char*>("bodega, until there is a certificate"), -1, -1, 0) == 1 &&
                X509_set_issuer_name(x, subject) == 1 && X509_set_pubkey(x, key_.get()) == 1 &&
                X509_add_ext(x, extension.get(), -1) == 1 && X509_sign(x, key_.get(), EVP_sha256()) > 0;
    net::require_openssl(made, "a certificate");
    net::MemoryBio bio(BIO_new(BIO_s_mem()));
    net::require_openssl(bio && PEM_write_bio_X509(bio.get(), x) == 1, "write a certificate");
    return text_of(bio);
}

}  // namespace bodega::acme
