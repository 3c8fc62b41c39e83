// Maps a file name's extension to a media type. Never looks at the file's bytes: the type is only the uploader's claim,
// and how a file may be shown follows from this type only.
#pragma once

#include <string_view>

namespace bodega::base {

// "application/octet-stream" for an unknown extension. Static storage.
std::string_view media_type_of(std::string_view name) noexcept;

}  // namespace bodega::base
