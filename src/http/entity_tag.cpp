#include "http/entity_tag.h"

#include <algorithm>

namespace bodega::http {
namespace {

void skip_blanks(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

bool is_etagc(char c) noexcept {
    auto u = static_cast<unsigned char>(c);
    return u == 0x21 || (u >= 0x23 && u != 0x7f);
}

std::optional<EntityTag> take_tag(std::string_view& text) {
    EntityTag tag;
    if (text.starts_with("W/")) {
        tag.weak = true;
        text.remove_prefix(2);
    }
    if (!text.starts_with('"')) return std::nullopt;
    std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    tag.opaque = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (!std::all_of(tag.opaque.begin(), tag.opaque.end(), is_etagc)) return std::nullopt;
    return tag;
}

bool names(const EntityTag& tag, std::string_view etag) noexcept {
    return etag.size() == tag.opaque.size() + 2 && etag.substr(1, tag.opaque.size()) == tag.opaque;
}

}  // namespace

bool EntityTags::match_strong(std::string_view etag) const noexcept {
    return any ||
           std::any_of(tags.begin(), tags.end(), [&](const EntityTag& tag) { return !tag.weak && names(tag, etag); });
}

bool EntityTags::match_weak(std::string_view etag) const noexcept {
    return any || std::any_of(tags.begin(), tags.end(), [&](const EntityTag& tag) { return names(tag, etag); });
}

std::optional<EntityTags> parse_entity_tags(std::string_view field) {
    EntityTags out;
    skip_blanks(field);
    if (field == "*") {
        out.any = true;
        return out;
    }
    for (;;) {
        // A list may have empty elements (RFC 9110 section 5.6.1.2).
        skip_blanks(field);
        while (field.starts_with(',')) {
            field.remove_prefix(1);
            skip_blanks(field);
        }
        if (field.empty()) break;
        std::optional<EntityTag> tag = take_tag(field);
        skip_blanks(field);
        if (!tag || !(field.empty() || field.front() == ',')) return std::nullopt;
        out.tags.push_back(std::move(*tag));
    }
    if (out.tags.empty()) return std::nullopt;
    return out;
}

}  // namespace bodega::http
