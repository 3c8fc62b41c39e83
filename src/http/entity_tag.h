// Entity tags (RFC 9110 section 8.8.3) and the lists of them in If-Match and If-None-Match. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::http {

struct EntityTag {
    bool weak = false;
    std::string opaque;  // without quotes

    bool operator==(const EntityTag&) const = default;
};

struct EntityTags {
    bool any = false;  // "*"
    std::vector<EntityTag> tags;

    // Section 8.8.3.2: the strong comparison needs both to be strong, the weak one looks at the opaque part.
    bool match_strong(std::string_view opaque) const noexcept;
    bool match_weak(std::string_view opaque) const noexcept;
};

// std::nullopt for what is neither "*" nor a list of tags.
std::optional<EntityTags> parse_entity_tags(std::string_view field);

// Whether an If-None-Match field's value (none: false) holds the strong tag `etag`, with its quotes, by the weak
// comparison, or is "*"; what is malformed is ignored. For reads: then the answer is 304.
bool is_not_modified(std::optional<std::string_view> if_none_match, std::string_view etag);

}  // namespace bodega::http
