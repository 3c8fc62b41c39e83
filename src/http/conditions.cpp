#include "http/conditions.h"

#include "http/date.h"
#include "http/entity_tag.h"

namespace bodega::http {
namespace {

// Rounds down before 1970 too, like base::http_date.
base::Milliseconds whole_second(base::Milliseconds date) noexcept {
    return (date - (date % 1000 + 1000) % 1000) / 1000;
}

std::optional<base::Milliseconds> date_of(const std::optional<std::string>& field) {
    return field ? parse_date(*field) : std::nullopt;
}

// RFC 9110 section 13.2.2, steps 1 and 2: If-Unmodified-Since is checked only without If-Match.
bool may_act(const Conditions& conditions, const Validators& validators) {
    if (conditions.if_match) {
        auto tags = parse_entity_tags(*conditions.if_match);
        return tags && tags->match_strong(validators.etag);
    }
    auto date = date_of(conditions.if_unmodified_since);
    return !date || !validators.modified_at || whole_second(*validators.modified_at) <= whole_second(*date);
}

// RFC 9110 section 13.2.2, steps 3 and 4: If-Modified-Since is checked only without If-None-Match.
bool is_new_to_client(const Conditions& conditions, const Validators& validators) {
    if (conditions.if_none_match) {
        auto tags = parse_entity_tags(*conditions.if_none_match);
        return !tags || !tags->match_weak(validators.etag);
    }
    auto date = date_of(conditions.if_modified_since);
    return !date || !validators.modified_at || whole_second(*validators.modified_at) != whole_second(*date);
}

}  // namespace

Conditions conditions_of(const Fields& fields) {
    return {joined_field(fields, Name::if_match), joined_field(fields, Name::if_none_match),
            joined_field(fields, Name::if_modified_since), joined_field(fields, Name::if_unmodified_since)};
}

Precondition check_read(const Conditions& conditions, const Validators& validators) {
    if (!may_act(conditions, validators)) return Precondition::failed;
    return is_new_to_client(conditions, validators) ? Precondition::holds : Precondition::not_modified;
}

}  // namespace bodega::http
