#include "support/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace bodega::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

void require(bool done) {
    if (!done) throw std::runtime_error("could not make a certificate");
}

void add_extension(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

Certificate make(EVP_PKEY* key, const char* name, long serial) {
    constexpr long kDay = 24 * 60 * 60;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    return certificate;
}

File open(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "wb"), &std::fclose);
    require(file != nullptr);
    return file;
}

void write(const std::filesystem::path& path, X509* certificate) {
    require(PEM_write_X509(open(path).get(), certificate) == 1);
}

}  // namespace

void make_certificate(const std::filesystem::path& folder) {
    const Key authority_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Key server_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    require(authority_key && server_key);

    const Certificate authority = make(authority_key.get(), "bodega's test authority", 1);
    X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
    add_extension(authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0);

    const Certificate server = make(server_key.get(), "localhost", 2);
    X509_set_issuer_name(server.get(), X509_get_subject_name(authority.get()));
    add_extension(server.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    require(X509_sign(server.get(), authority_key.get(), EVP_sha256()) > 0);

    write(folder / "ca.pem", authority.get());
    write(folder / "server.pem", server.get());
    require(PEM_write_PrivateKey(open(folder / "server.key").get(), server_key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
}

}  // namespace bodega::test
