// How a file is handed to a browser: as a download, or shown in a page that can't run it.
//
// What people upload is hostile until shown otherwise: HTML, SVG, XML and scripts are only ever downloads, text is
// shown as plain text, and what is shown is in a sandbox without an origin. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::web {

enum class Disposition : std::uint8_t { attachment, inline_ };

// The Content-Type under which a file of this media type may be shown; std::nullopt: it may not.
std::optional<std::string> inline_type(std::string_view mime);

// Content-Disposition (RFC 6266) with the name in both forms: plain for old clients, and RFC 8187's for
// all others.
std::string content_disposition(Disposition disposition, std::string_view name);

// The Content-Security-Policy of a file's bytes under `content_type`.
std::string_view content_policy(std::string_view content_type) noexcept;

}  // namespace bodega::web
