#include "base/visible_text.h"

#include <cstdint>

namespace bodega::base {
namespace {

struct Character {
    std::uint32_t point;
    std::size_t size;
};

// The character at the text's start, of up to three bytes; what the marked ones need. Another one: {0, 1}.
Character first_of(std::string_view text) {
    auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const std::uint32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    if (first == 0xc2 && follows(1)) return {0x80 | (byte(1) & 0x3f), 2};
    if (first == 0xe2 && follows(1) && follows(2)) return {0x2000 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
    return {0, 1};
}

bool is_marked(std::uint32_t c, std::size_t size) {
    if (size == 1) return (c != 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    return (c >= 0x80 && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void append_mark(std::string& out, std::uint32_t c) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    out += "<U+";
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[c >> shift & 0xf];
    out += '>';
}

}  // namespace

std::string visible_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character c = first_of(text);
        if (is_marked(c.point, c.size)) append_mark(out, c.point);
        else out.append(text.substr(0, c.size));
        text.remove_prefix(c.size);
    }
    return out;
}

}  // namespace bodega::base
