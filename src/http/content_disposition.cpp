#include "http/content_disposition.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/text.h"

namespace bodega::http {
namespace {

// True for the characters of attr-char (RFC 8187 section 3.2.1).
bool is_attr_char(char c) noexcept {
    constexpr std::string_view kOthers = "!#$&+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
}

// Separates letters from their accents and drops the accents: "año" becomes "ano".
std::string without_accents(std::string_view name) {
    utf8proc_uint8_t* raw = nullptr;
    const auto length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()),
                     &raw, static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(raw, &std::free);
    if (length < 0) return std::string(name);
    return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length)};
}

std::string plain_name(std::string_view full_name) {
    const std::string name = without_accents(full_name);
    std::string out;
    for (char c : name) {
        auto u = static_cast<unsigned char>(c);
        if ((u & 0xC0) == 0x80) continue;  // skips UTF-8's continuation bytes, so that a character becomes one '_'
        // Replaces '%', which some browsers decode, and the backslash, which some treat as an escape or a part of a
        // path.
        bool kept = u >= 0x20 && u < 0x7f && c != '"' && c != '\\' && c != '%';
        out += kept ? c : '_';
    }
    return out;
}

std::string encoded_name(std::string_view name) {
    std::string out;
    for (char c : name) {
        auto u = static_cast<unsigned char>(c);
        if (is_attr_char(c)) out += c;
        else out.append({'%', base::upper_hex_digit(u >> 4U), base::upper_hex_digit(u)});
    }
    return out;
}

}  // namespace

std::string content_disposition(Disposition disposition, std::string_view name) {
    std::string out = disposition == Disposition::inline_ ? "inline" : "attachment";
    return out.append("; filename=\"")
        .append(plain_name(name))
        .append("\"; filename*=UTF-8''")
        .append(encoded_name(name));
}

}  // namespace bodega::http
