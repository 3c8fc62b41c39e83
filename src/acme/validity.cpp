#include "acme/validity.h"

#include <openssl/pem.h>

#include <ctime>

#include "net/openssl.h"

namespace bodega::acme {
namespace {

base::Milliseconds time_of(const ASN1_TIME* time) {
    std::tm parts{};
    net::require_openssl(ASN1_TIME_to_tm(time, &parts) == 1, "a certificate's time");
    return static_cast<base::Milliseconds>(::timegm(&parts)) * 1000;
}

}  // namespace

Validity validity_of(const std::string& chain) {
    net::MemoryBio bio(BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size())));
    net::X509Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate)
        throw base::Error(base::Code::unavailable,
                          "acme: the authority's answer is not a certificate: " + net::openssl_error());
    return {time_of(X509_get0_notBefore(certificate.get())), time_of(X509_get0_notAfter(certificate.get()))};
}

}  // namespace bodega::acme
