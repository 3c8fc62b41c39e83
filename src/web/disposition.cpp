#include "web/disposition.h"

#include <algorithm>
#include <array>

namespace bodega::web {
namespace {

constexpr std::array<std::string_view, 9> kSafeImages = {"image/apng", "image/avif", "image/bmp",
                                                         "image/gif",  "image/jpeg", "image/jxl",
                                                         "image/png",  "image/webp", "image/vnd.microsoft.icon"};
// Text in all but its name.
constexpr std::array<std::string_view, 6> kReadable = {"application/json", "application/jsonl", "application/sql",
                                                       "application/toml", "application/yaml",  "application/x-sh"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

// RFC 8187 section 3.2.1: attr-char.
bool is_attr_char(char c) noexcept {
    constexpr std::string_view kOthers = "!#$&+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
}

std::string plain_name(std::string_view name) {
    std::string out;
    for (char c : name) {
        auto u = static_cast<unsigned char>(c);
        if ((u & 0xC0) == 0x80) continue;  // one mark for a character, whatever its bytes
        // A '%' would be decoded by some browsers, a backslash is an escape or a path to others.
        bool kept = u >= 0x20 && u < 0x7f && c != '"' && c != '\\' && c != '%';
        out += kept ? c : '_';
    }
    return out;
}

std::string encoded_name(std::string_view name) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (char c : name) {
        auto u = static_cast<unsigned char>(c);
        if (is_attr_char(c)) out += c;
        else out.append({'%', kHex[u >> 4], kHex[u & 15]});
    }
    return out;
}

}  // namespace

std::optional<std::string> inline_type(std::string_view mime) {
    if (mime == "application/pdf" || contains(kSafeImages, mime)) return std::string(mime);
    if (mime.starts_with("audio/") || mime.starts_with("video/")) return std::string(mime);
    if (mime.starts_with("text/") || contains(kReadable, mime)) return "text/plain; charset=utf-8";
    return std::nullopt;
}

std::string content_disposition(Disposition disposition, std::string_view name) {
    std::string out = disposition == Disposition::inline_ ? "inline" : "attachment";
    return out.append("; filename=\"")
        .append(plain_name(name))
        .append("\"; filename*=UTF-8''")
        .append(encoded_name(name));
}

std::string_view content_policy(std::string_view content_type) noexcept {
    // Chromium's PDF viewer does not start in a sandbox; a PDF runs nothing of the page's origin.
    if (content_type == "application/pdf")
        return "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
    return "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
           "frame-ancestors 'self'";
}

}  // namespace bodega::web
