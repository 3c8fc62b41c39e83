// Only this file uses OpenSSL's older interface, whose state can be saved and restored. The EVP interface hides its
// state. Both run the same assembler code (SHA-NI where the CPU has it).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "blobs/digest.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

namespace bodega::blobs {

namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kFixed = 1 + 32 + 8;  // size of the format number, the chain and the length

void put(base::Bytes& out, std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint64_t get(std::string_view from) noexcept {
    std::uint64_t value = 0;
    for (char c : from) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
}

}  // namespace

Digest::Digest() noexcept {
    SHA256_CTX fresh;
    SHA256_Init(&fresh);
    std::copy(std::begin(fresh.h), std::end(fresh.h), chain_.begin());
}

void Digest::update(std::span<const std::uint8_t> bytes) noexcept {
    SHA256_CTX context{};
    std::copy(chain_.begin(), chain_.end(), std::begin(context.h));
    context.num = static_cast<unsigned>(length_ % 64);
    context.md_len = SHA256_DIGEST_LENGTH;
    std::memcpy(context.data, partial_.data(), context.num);
    SHA256_Update(&context, bytes.data(), bytes.size());
    std::copy(std::begin(context.h), std::end(context.h), chain_.begin());
    std::memcpy(partial_.data(), context.data, context.num);
    length_ += bytes.size();
}

Sha256 Digest::value() const noexcept {
    SHA256_CTX context{};
    std::copy(chain_.begin(), chain_.end(), std::begin(context.h));
    context.num = static_cast<unsigned>(length_ % 64);
    context.md_len = SHA256_DIGEST_LENGTH;
    context.Nl = static_cast<SHA_LONG>(length_ << 3);
    context.Nh = static_cast<SHA_LONG>(length_ >> 29);
    std::memcpy(context.data, partial_.data(), context.num);
    Sha256 out;
    SHA256_Final(out.data(), &context);
    return out;
}

base::Bytes Digest::save() const {
    base::Bytes out;
    out.reserve(kFixed + partial_.size());
    out.push_back(kFormat);
    for (std::uint32_t word : chain_) put(out, word, 4);
    put(out, length_, 8);
    out.insert(out.end(), partial_.begin(), partial_.begin() + static_cast<std::ptrdiff_t>(length_ % 64));
    return out;
}

std::optional<Digest> Digest::restore(std::string_view saved) {
    if (saved.size() < kFixed || static_cast<std::uint8_t>(saved[0]) != kFormat) return std::nullopt;
    Digest out;
    for (std::size_t i = 0; i < out.chain_.size(); ++i)
        out.chain_[i] = static_cast<std::uint32_t>(get(saved.substr(1 + 4 * i, 4)));
    out.length_ = get(saved.substr(33, 8));
    if (saved.size() != kFixed + out.length_ % 64) return std::nullopt;
    std::memcpy(out.partial_.data(), saved.data() + kFixed, saved.size() - kFixed);
    return out;
}

Sha256 sha256(std::span<const std::uint8_t> bytes) noexcept {
    Digest digest;
    digest.update(bytes);
    return digest.value();
}

}  // namespace bodega::blobs
