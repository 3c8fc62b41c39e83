// The entity tag of a file's content: its sha256 (RFC 9110 section 8.8.3). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/tree/entry.h"

namespace bodega::web {

// The strong tag of a content, with its quotes: its sha256.
std::string content_etag(const store::Sha256& sha256);

// The content that a tag's opaque part names; std::nullopt for another one's.
std::optional<store::Sha256> parse_content_tag(std::string_view opaque);

}  // namespace bodega::web
