// The entity tag of a file's content: its sha256 (RFC 9110 section 8.8.3). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/tree/entry.h"

namespace bodega::web {

// Returns the strong entity tag of a content: its sha256 in quotes.
std::string content_etag(const store::Sha256& sha256);

// Returns the SHA-256 that a tag's opaque part names, or std::nullopt if bodega did not make the tag.
std::optional<store::Sha256> parse_content_tag(std::string_view opaque);

}  // namespace bodega::web
