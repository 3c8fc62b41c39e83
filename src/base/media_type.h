// The media type of a file by its name's extension. The bytes are never looked at: what a file claims to be
// is its owner's word, and how it may be shown is decided from this type alone.
#pragma once

#include <string_view>

namespace bodega::base {

// "application/octet-stream" for what is not known. Static storage.
std::string_view media_type_of(std::string_view name) noexcept;

}  // namespace bodega::base
