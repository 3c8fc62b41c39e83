// Content-Disposition of an answer (RFC 6266). Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::http {

enum class Disposition : std::uint8_t { attachment, inline_ };

// Returns the field's value with two forms of the file's name: ASCII for old clients (without accents, with '_' for
// other characters), and RFC 8187 for all others. Requires: `name` is UTF-8.
std::string content_disposition(Disposition disposition, std::string_view name);

}  // namespace bodega::http
