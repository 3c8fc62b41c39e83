#include "edge/tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/random.h"

namespace bodega::edge {
namespace {

// Return values of the callback.
constexpr int kFailed = -1;
constexpr int kUnknownKey = 0;  // OpenSSL then does a full handshake
constexpr int kUsed = 1;
constexpr int kUsedAndRenew = 2;

// Looks up the cipher only once. A look-up by name takes a lock, which would slow down every handshake.
const EVP_CIPHER* ticket_cipher() noexcept {
    static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
    return cipher;
}

bool set_mac(EVP_MAC_CTX* mac, const TicketKey& key) noexcept {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(
                                         OSSL_MAC_PARAM_KEY, const_cast<std::uint8_t*>(key.mac.data()), key.mac.size()),
                                     OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

}  // namespace

TicketKey::~TicketKey() {
    OPENSSL_cleanse(cipher.data(), cipher.size());
    OPENSSL_cleanse(mac.data(), mac.size());
}

TicketKey TicketKey::random() {
    TicketKey key;
    base::fill_random(key.name);
    base::fill_random(key.cipher);
    base::fill_random(key.mac);
    return key;
}

TicketKeys::TicketKeys() { set({TicketKey::random()}); }

void TicketKeys::set(std::vector<TicketKey> keys) {
    auto made = std::make_shared<const std::vector<TicketKey>>(std::move(keys));
    const base::MutexLock lock(mutex_);
    keys_ = std::move(made);
}

TicketKeys::Keys TicketKeys::current() const {
    const base::MutexLock lock(mutex_);
    return keys_;
}

void TicketKeys::serve(SSL_CTX* context) {
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &on_ticket);
}

int TicketKeys::on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                          int encrypts) noexcept {
    const Keys keys = static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->current();
    if (encrypts != 0) {
        const TicketKey& key = keys->front();
        std::copy(key.name.begin(), key.name.end(), name);
        bool ok = RAND_bytes(iv, EVP_CIPHER_get_iv_length(ticket_cipher())) == 1 &&
                  EVP_EncryptInit_ex2(cipher, ticket_cipher(), key.cipher.data(), iv, nullptr) == 1 &&
                  set_mac(mac, key);
        return ok ? kUsed : kFailed;
    }
    for (const TicketKey& key : *keys) {
        if (!std::equal(key.name.begin(), key.name.end(), name)) continue;
        if (EVP_DecryptInit_ex2(cipher, ticket_cipher(), key.cipher.data(), iv, nullptr) != 1 || !set_mac(mac, key))
            return kFailed;
        return &key == &keys->front() ? kUsed : kUsedAndRenew;
    }
    return kUnknownKey;
}

}  // namespace bodega::edge
