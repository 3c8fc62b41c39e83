#include "http/validators.h"

#include "http/syntax.h"

namespace bodega::http {
namespace {

// Weak comparison (RFC 9110 section 13.1.2).
bool none_match_lists(std::string_view list, std::string_view etag) noexcept {
    while (auto element = next_element(list)) {
        if (element->starts_with("W/")) element->remove_prefix(2);
        if (*element == "*" || *element == etag) return true;
    }
    return false;
}

}  // namespace

bool has_copy(const RequestHead& request, std::string_view etag, std::string_view last_modified) noexcept {
    bool asked = false;
    for (const Field& field : request.fields) {
        if (field.id != Name::if_none_match) continue;
        asked = true;
        if (none_match_lists(field.value, etag)) return true;
    }
    if (asked || last_modified.empty()) return false;
    for (const Field& field : request.fields)
        if (equal_ignoring_case(field.name, "if-modified-since")) return field.value == last_modified;
    return false;
}

}  // namespace bodega::http
