#include "web/api/safe_types.h"

#include <algorithm>
#include <array>

namespace bodega::web {
namespace {

constexpr std::array<std::string_view, 9> kSafeImages = {"image/apng", "image/avif", "image/bmp",
                                                         "image/gif",  "image/jpeg", "image/jxl",
                                                         "image/png",  "image/webp", "image/vnd.microsoft.icon"};
// Media types of text that do not start with "text/".
constexpr std::array<std::string_view, 6> kReadable = {"application/json", "application/jsonl", "application/sql",
                                                       "application/toml", "application/yaml",  "application/x-sh"};

// Types that must not be displayed but may be sent, since no browser runs them. A file of an unknown type is sent as
// application/octet-stream.
constexpr std::array<std::string_view, 27> kPassive = {
    "application/epub+zip",
    "application/gzip",
    "application/msword",
    "application/postscript",
    "application/rtf",
    "application/vnd.apache.parquet",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.rar",
    "application/x-7z-compressed",
    "application/x-bzip2",
    "application/x-msi",
    "application/x-tar",
    "application/x-xz",
    "application/zip",
    "application/zstd",
    "image/heic",
    "image/heif",
    "image/tiff",
    "image/vnd.adobe.photoshop",
    "image/vnd.dwg"};
constexpr std::array<std::string_view, 12> kPassiveText = {
    "text/calendar", "text/csv",          "text/markdown", "text/plain",    "text/tab-separated-values",
    "text/vcard",    "text/vtt",          "text/x-c",      "text/x-python", "text/x-shellscript",
    "text/x-tex",    "text/x-java-source"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

}  // namespace

std::optional<std::string> inline_type(std::string_view mime) {
    if (mime == "application/pdf" || contains(kSafeImages, mime)) return std::string(mime);
    if (mime.starts_with("audio/") || mime.starts_with("video/")) return std::string(mime);
    if (mime.starts_with("text/") || contains(kReadable, mime)) return "text/plain; charset=utf-8";
    return std::nullopt;
}

std::string download_type(std::string_view mime) {
    if (mime.starts_with("text/") && !contains(kPassiveText, mime)) return "text/plain; charset=utf-8";
    if (mime.starts_with("font/") || contains(kPassive, mime) || contains(kPassiveText, mime)) return std::string(mime);
    if (contains(kReadable, mime)) return std::string(mime);
    return inline_type(mime).value_or("application/octet-stream");
}

std::string_view content_policy(std::string_view content_type) noexcept {
    // The sandbox is left out, since Chromium's PDF viewer does not start in one. A PDF runs nothing in the page's
    // origin.
    if (content_type == "application/pdf")
        return "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
    return "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
           "frame-ancestors 'self'";
}

}  // namespace bodega::web
