// Maps a file name's extension to a media type. Never reads the file's bytes: the type is what the uploader claims, and
// only this type decides how a browser may show the file.
#pragma once

#include <string_view>

namespace bodega::base {

// "application/octet-stream" for an unknown extension. Static storage.
std::string_view media_type_of(std::string_view name) noexcept;

}  // namespace bodega::base
