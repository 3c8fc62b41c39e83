#include "net/tls_client_context.h"

#include <algorithm>
#include <array>

namespace bodega::net {
namespace {

// Paths of the CA bundle in common distributions. OpenSSL's default path is not used: it is a path of the machine that
// built OpenSSL.
constexpr std::array kBundles{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                              "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem"};

}  // namespace

SslContext make_tls_client_context(const std::string& ca_file) {
    SslContext context(SSL_CTX_new(TLS_client_method()));
    require_openssl(context != nullptr, "TLS to a server");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    // Makes OpenSSL return to the caller after each TLS record, so that the caller checks its deadline.
    SSL_CTX_clear_mode(context.get(), SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const auto load = [&](const char* file) {
        const bool loaded = SSL_CTX_load_verify_file(context.get(), file) == 1;
        forget_openssl_errors();
        return loaded;
    };
    if (ca_file.empty() ? std::any_of(kBundles.begin(), kBundles.end(), load) : load(ca_file.c_str())) return context;
    throw base::Error(base::Code::config_invalid, ca_file.empty() ? "no file of trusted authorities was found; name one"
                                                                  : ca_file + " has no certificate in PEM");
}

}  // namespace bodega::net
