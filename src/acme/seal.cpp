#include "acme/seal.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>

#include "base/random.h"
#include "net/openssl.h"

namespace bodega::acme {
namespace {

constexpr std::uint8_t kVersion = 1;
// Sizes in bytes; sealed data is: version, nonce, tag, encrypted text.
constexpr std::size_t kNonce = 12, kTag = 16, kHead = 1 + kNonce + kTag;

class SealKey {
public:
    explicit SealKey(std::string_view secret) {
        constexpr std::string_view use = "bodega: certificates' keys, AES-256-GCM";
        auto text = base::as_bytes(use);
        unsigned size = 0;
        net::require_openssl(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), text.data(),
                                  text.size(), bytes_.data(), &size) != nullptr,
                             "derive a key");
    }
    ~SealKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
    SealKey(const SealKey&) = delete;

    const std::uint8_t* data() const noexcept { return bytes_.data(); }

private:
    std::array<std::uint8_t, 32> bytes_{};
};

}  // namespace

base::Bytes seal(std::string_view secret, std::string_view name, std::string_view text) {
    const SealKey key(secret);
    base::Bytes out(kHead + text.size());
    out[0] = kVersion;
    base::fill_random(std::span(out).subspan(1, kNonce));
    net::CipherContext context(EVP_CIPHER_CTX_new());
    auto aad = base::as_bytes(name), plain = base::as_bytes(text);
    int size = 0;
    net::require_openssl(
        context && EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), &out[1]) == 1 &&
            EVP_EncryptUpdate(context.get(), nullptr, &size, aad.data(), static_cast<int>(aad.size())) == 1 &&
            EVP_EncryptUpdate(context.get(), out.data() + kHead, &size, plain.data(), static_cast<int>(plain.size())) ==
                1 &&
            EVP_EncryptFinal_ex(context.get(), out.data() + out.size(), &size) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, &out[1 + kNonce]) == 1,
        "seal");
    return out;
}

std::string unseal(std::string_view secret, std::string_view name, std::string_view sealed) {
    const SealKey key(secret);
    net::CipherContext context(EVP_CIPHER_CTX_new());
    net::require_openssl(context != nullptr, "unseal");
    auto bytes = base::as_bytes(sealed), aad = base::as_bytes(name);
    std::string out(sealed.size() > kHead ? sealed.size() - kHead : 0, '\0');
    auto* into = reinterpret_cast<std::uint8_t*>(out.data());
    int size = 0;
    bool opened =
        sealed.size() >= kHead && bytes[0] == kVersion &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), &bytes[1]) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, aad.data(), static_cast<int>(aad.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), into, &size, bytes.data() + kHead, static_cast<int>(out.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, const_cast<std::uint8_t*>(&bytes[1 + kNonce])) ==
            1 &&
        EVP_DecryptFinal_ex(context.get(), into + out.size(), &size) == 1;
    ERR_clear_error();
    if (!opened)
        throw base::Error(base::Code::config_invalid,
                          "edge.acme.secret_file: " + std::string(name) +
                              " in the catalog was sealed by another secret; all nodes need the same one");
    return out;
}

}  // namespace bodega::acme
