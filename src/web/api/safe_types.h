// Chooses the types under which a file is sent to a browser, as a download or displayed, so that no page can run it.
//
// Uploaded files count as hostile. No file is sent with a type that a browser runs or applies to a page (scripts, style
// sheets, HTML, SVG, XML, WebAssembly). Text is displayed as plain text. A displayed file is in a sandbox without an
// origin. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bodega::web {

// The Content-Type under which a file of this media type may be displayed, or std::nullopt if the file must not be
// displayed.
std::optional<std::string> inline_type(std::string_view mime);

// The Content-Type of a download. It is the file's own type if no browser runs it, otherwise the type of plain text or
// of bytes.
std::string download_type(std::string_view mime);

// The Content-Security-Policy of a file that is sent with `content_type`.
std::string_view content_policy(std::string_view content_type) noexcept;

}  // namespace bodega::web
