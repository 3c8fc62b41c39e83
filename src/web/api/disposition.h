// Decides how a file is sent to a browser: as a download, or displayed in a page that can't run it.
//
// Uploaded files count as hostile. No file is sent with a type that a browser runs or applies to a page (scripts, style
// sheets, HTML, SVG, XML, WebAssembly). Text is displayed as plain text. A displayed file is in a sandbox without an
// origin. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::web {

enum class Disposition : std::uint8_t { attachment, inline_ };

// The Content-Type under which a file of this media type may be displayed, or std::nullopt if the file must not be
// displayed.
std::optional<std::string> inline_type(std::string_view mime);

// The Content-Type of a download. It is the file's own type if no browser runs it, otherwise the type of plain text or
// of bytes.
std::string download_type(std::string_view mime);

// Returns Content-Disposition (RFC 6266) with two forms of the name: ASCII for old clients (without accents, with '_'
// for other characters), and RFC 8187 for all others. Requires: `name` is UTF-8.
std::string content_disposition(Disposition disposition, std::string_view name);

// The Content-Security-Policy of a file that is sent with `content_type`.
std::string_view content_policy(std::string_view content_type) noexcept;

}  // namespace bodega::web
