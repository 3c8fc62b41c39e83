// Entity tags (RFC 9110 section 8.8.3), and the lists of them in If-Match and If-None-Match. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bodega::http {

struct EntityTag {
    bool weak = false;
    std::string opaque;  // the tag's text without its quotes

    bool operator==(const EntityTag&) const = default;
};

struct EntityTags {
    bool any = false;  // the field's value is "*"
    std::vector<EntityTag> tags;

    // Compare with the strong tag `etag`, which has its quotes (RFC 9110 section 8.8.3.2). match_strong() needs both
    // tags to be strong; match_weak() compares only the opaque parts. "*" matches any representation, also one without
    // a tag (empty).
    bool match_strong(std::string_view etag) const noexcept;
    bool match_weak(std::string_view etag) const noexcept;
};

// Returns std::nullopt if the field is neither "*" nor a list of tags.
std::optional<EntityTags> parse_entity_tags(std::string_view field);

}  // namespace bodega::http
