#include "base/visible_text.h"
#include "base/text.h"

#include <algorithm>
#include <cstdint>

namespace bodega::base {
namespace {

struct Character {
    std::uint32_t point;
    std::size_t size;
};

// Decodes the first character of `text` if is_marked() may accept it. Returns {0, 1} for any other character, so that
// the caller copies one byte.
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
    out += "<U+";
    for (int shift = 12; shift >= 0; shift -= 4) out += upper_hex_digit(c >> shift);
    out += '>';
}

void append_byte(std::string& out, unsigned byte) {
    out.append("<0x").append({upper_hex_digit(byte >> 4), upper_hex_digit(byte)}).append(">");
}

// Returns the length in bytes of the UTF-8 sequence at the start of the text, or 0 if it is invalid (RFC 3629, section
// 4). Requires: the text is not empty.
std::size_t sequence_size(std::string_view text) {
    auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    const unsigned second = byte(1);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    return overlong || beyond ? 0 : size;
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

std::string visible_name(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t size = sequence_size(name.substr(at));
        if (size == 0) append_byte(out, static_cast<unsigned char>(name[at]));
        else if (size == 1 && (name[at] == '\n' || name[at] == '\t' || name[at] == '\0'))
            append_mark(out, static_cast<std::uint32_t>(name[at]));
        else out += visible_text(name.substr(at, size));
        at += std::max<std::size_t>(size, 1);
    }
    return out;
}

}  // namespace bodega::base
