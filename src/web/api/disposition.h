// How a file is handed to a browser: as a download, or shown in a page that can't run it.
//
// What people upload is hostile until shown otherwise: it never leaves under a type that a browser runs or applies to a
// page (scripts, style sheets, HTML, SVG, XML, WebAssembly), text is shown as plain text, and what is shown is in a
// sandbox without an origin. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::web {

enum class Disposition : std::uint8_t { attachment, inline_ };

// The Content-Type under which a file of this media type may be shown; std::nullopt: it may not.
std::optional<std::string> inline_type(std::string_view mime);

// The Content-Type of a download: the file's own where nothing runs it, else plain text or bytes.
std::string download_type(std::string_view mime);

// Content-Disposition (RFC 6266) with the name in both forms: for old clients what ASCII can say of it (a letter
// without its accents, '_' for what it has no letter for), and RFC 8187's for all others. `name` is UTF-8.
std::string content_disposition(Disposition disposition, std::string_view name);

// The Content-Security-Policy of a file's bytes under `content_type`.
std::string_view content_policy(std::string_view content_type) noexcept;

}  // namespace bodega::web
