#include "support/certificate.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace bodega::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

void require(bool done) {
    if (!done) throw std::runtime_error("could not make a certificate");
}

Key make_key(const std::string& kind) {
    Key key(kind == "RSA" ? EVP_RSA_gen(2048) : EVP_EC_gen(kind.c_str()), &EVP_PKEY_free);
    require(key != nullptr);
    return key;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

Certificate make(EVP_PKEY* key, const std::string& name, long serial, long from_days = -1, long to_days = 1) {
    constexpr long kDay = 24 * 60 * 60;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_days * kDay);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

Certificate make_authority(EVP_PKEY* key) {
    Certificate authority = make(key, "bodega's test authority", 1);
    X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
    add_extension(authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(authority.get(), key, EVP_sha256()) > 0);
    return authority;
}

File open(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "wb"), &std::fclose);
    require(file != nullptr);
    return file;
}

void write_key(const std::filesystem::path& path, EVP_PKEY* key, const std::string& password) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
    const EVP_CIPHER* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
    require(PEM_write_PrivateKey(open(path).get(), key, cipher, bytes, static_cast<int>(password.size()), nullptr,
                                 nullptr) == 1);
}

}  // namespace

Authority::Authority(std::filesystem::path folder)
    : folder_(std::move(folder)), key_(make_key("P-256")), certificate_(make_authority(key_.get())) {
    require(PEM_write_X509(open(file()).get(), certificate_.get()) == 1);
}

std::string Authority::issue(const std::string& name, const Wanted& wanted) {
    const Key key = make_key(wanted.key);
    const Certificate server = make(key.get(), name, ++serial_, wanted.from_days, wanted.to_days);
    X509_set_issuer_name(server.get(), X509_get_subject_name(certificate_.get()));
    add_extension(server.get(), NID_subject_alt_name, wanted.names);
    require(X509_sign(server.get(), key_.get(), EVP_sha256()) > 0);
    const std::filesystem::path chain = folder_ / (name + ".pem"), secret = folder_ / (name + ".key");
    {
        const File file = open(chain.string() + ".new");
        require(PEM_write_X509(file.get(), server.get()) == 1);
        require(!wanted.with_issuer || PEM_write_X509(file.get(), certificate_.get()) == 1);
    }
    write_key(secret.string() + ".new", key.get(), wanted.password);
    std::filesystem::rename(secret.string() + ".new", secret);
    std::filesystem::rename(chain.string() + ".new", chain);
    return chain.string() + " " + secret.string();
}

void make_certificate(const std::filesystem::path& folder) {
    Wanted wanted;
    wanted.with_issuer = false;
    Authority(folder).issue("server", wanted);
}

}  // namespace bodega::test
