#include "base/ulid.h"

#include <algorithm>
#include <cstring>

#include "base/random.h"

namespace bodega::base {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int digit(char c) noexcept {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    std::size_t at = kAlphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

Ulid Ulid::make() { return make(now_ms()); }

Ulid Ulid::make(Milliseconds when) {
    Ulid id;
    fill_random(id.bytes);
    auto value = static_cast<std::uint64_t>(when);
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(value >> (40 - 8 * i));
    return id;
}

std::optional<Ulid> Ulid::parse(std::string_view text) {
    // 26 digits are 130 bits, so the first digit may use only three of its five bits.
    if (text.size() != 26 || digit(text[0]) < 0 || digit(text[0]) > 7) return std::nullopt;
    Ulid id;
    std::uint32_t window = static_cast<std::uint32_t>(digit(text[0]));
    int bits = 3;
    std::size_t out = 0;
    for (char c : text.substr(1)) {
        int value = digit(c);
        if (value < 0) return std::nullopt;
        window = window << 5 | static_cast<std::uint32_t>(value);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            id.bytes[out++] = static_cast<std::uint8_t>(window >> bits);
            window &= (1U << bits) - 1;
        }
    }
    return id;
}

std::optional<Ulid> Ulid::from_bytes(std::string_view raw) {
    if (raw.size() != 16) return std::nullopt;
    Ulid id;
    std::memcpy(id.bytes.data(), raw.data(), 16);
    return id;
}

std::string Ulid::text() const {
    std::string out(26, '0');
    // Writes from the right, five bits per digit.
    std::uint32_t window = 0;
    int bits = 0;
    std::size_t next = 26;
    for (std::size_t i = 16; i-- > 0;) {
        window |= std::uint32_t{bytes[i]} << bits;
        bits += 8;
        while (bits >= 5) {
            out[--next] = kAlphabet[window & 31];
            window >>= 5;
            bits -= 5;
        }
    }
    if (next > 0) out[--next] = kAlphabet[window & 31];
    return out;
}

Milliseconds Ulid::time() const noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value << 8 | bytes[i];
    return static_cast<Milliseconds>(value);
}

}  // namespace bodega::base
