#include "support/tls_client.h"

#include <openssl/err.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace bodega::test {
namespace {

void require(bool done) {
    if (!done) throw std::runtime_error("could not set a TLS client up");
}

}  // namespace

TlsClient::TlsClient(const std::string& url, TlsWishes wishes)
    : RawClient(url, wishes.receive_buffer),
      context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
      ssl_(nullptr, &SSL_free) {
    SSL_CTX* context = context_.get();
    require(context && SSL_CTX_set_min_proto_version(context, wishes.version) == 1 &&
            SSL_CTX_set_max_proto_version(context, wishes.version) == 1);
    // Old versions and ciphers are offered so that the server can refuse them.
    SSL_CTX_set_security_level(context, 0);
    if (!wishes.ciphers.empty()) require(SSL_CTX_set_cipher_list(context, wishes.ciphers.c_str()) == 1);
    if (!wishes.protocols.empty())
        require(SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(wishes.protocols.data()),
                                        static_cast<unsigned>(wishes.protocols.size())) == 0);
    if (wishes.fragment != 0)
        require(SSL_CTX_set_tlsext_max_fragment_length(context, static_cast<std::uint8_t>(wishes.fragment)) == 1);
    ssl_.reset(SSL_new(context));
    require(ssl_ != nullptr && SSL_set_fd(ssl_.get(), fd()) == 1);
    if (!wishes.name.empty()) require(SSL_set_tlsext_host_name(ssl_.get(), wishes.name.c_str()) == 1);
    if (wishes.session) require(SSL_set_session(ssl_.get(), wishes.session.get()) == 1);
    if (!wishes.preface.empty()) RawClient::send(wishes.preface);
    ERR_clear_error();
    connected_ = SSL_connect(ssl_.get()) == 1;
    // OpenSSL's reason code of a received alert is 1000 plus its number.
    int reason = connected_ ? 0 : ERR_GET_REASON(ERR_peek_error());
    alert_ = reason > SSL_AD_REASON_OFFSET ? reason - SSL_AD_REASON_OFFSET : 0;
}

// Without a shutdown in both directions OpenSSL would treat the session as not resumable.
TlsClient::~TlsClient() {
    if (ssl_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

std::string TlsClient::protocol() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
}

std::string TlsClient::subject() const {
    std::array<char, 100> text{};
    X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text.data(), text.size());
    return text.data();
}

long TlsClient::serial() const {
    X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    return certificate ? ASN1_INTEGER_get(X509_get0_serialNumber(certificate)) : 0;
}

TlsSession TlsClient::session() const { return {SSL_get1_session(ssl_.get()), &SSL_SESSION_free}; }

void TlsClient::renew_keys() { require(SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED) == 1); }

ssize_t TlsClient::write_some(const char* bytes, std::size_t count) {
    if (!connected_) return RawClient::write_some(bytes, count);
    return SSL_write(ssl_.get(), bytes, static_cast<int>(count));
}

ssize_t TlsClient::read_some(char* out, std::size_t max) {
    if (!connected_) return RawClient::read_some(out, max);
    ERR_clear_error();
    errno = 0;
    return SSL_read(ssl_.get(), out, static_cast<int>(max));
}

}  // namespace bodega::test
