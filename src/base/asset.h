// The web app's files, embedded in the binary at build time with their compressed variants.
#pragma once

#include <span>
#include <string_view>

namespace bodega::base {

struct Asset {
    std::string_view path;          // "/index.html", "/assets/app-3f2a9c.js"
    std::string_view content_type;  // "text/javascript; charset=utf-8"
    std::string_view etag;          // a strong entity tag, with its quotes
    bool immutable = false;         // true: the name contains a hash of the content, so clients may cache it for a year
    std::string_view identity;      // the uncompressed bytes
    std::string_view brotli;        // empty if compression saves too little
    std::string_view gzip;
};

// All assets, sorted by path. The build generates them. Static storage; thread-safe.
std::span<const Asset> embedded_assets() noexcept;

// Returns the asset at exactly this path, or nullptr.
const Asset* find_asset(std::string_view path) noexcept;

}  // namespace bodega::base
