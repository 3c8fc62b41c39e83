#include "http/conditions.h"

#include "http/date.h"
#include "http/entity_tag.h"

namespace bodega::http {
namespace {

// Rounded down before 1970 too, as base::http_date is.
base::Milliseconds whole_second(base::Milliseconds date) noexcept {
    return (date - (date % 1000 + 1000) % 1000) / 1000;
}

bool modified_after(const Validators& validators, base::Milliseconds date) noexcept {
    return whole_second(validators.modified_at) > whole_second(date);
}

// Steps 1 and 2: a date counts only without a tag.
bool may_act(const ConditionFields& fields, const Validators& validators) {
    if (fields.if_match) {
        auto tags = parse_entity_tags(*fields.if_match);
        return tags && tags->match_strong(validators.opaque);
    }
    auto date = fields.if_unmodified_since ? parse_http_date(*fields.if_unmodified_since) : std::nullopt;
    return !date || !modified_after(validators, *date);
}

// Steps 3 and 4.
bool is_new_to_client(const ConditionFields& fields, const Validators& validators) {
    if (fields.if_none_match) {
        auto tags = parse_entity_tags(*fields.if_none_match);
        return !tags || !tags->match_weak(validators.opaque);
    }
    // The very date, as most servers compare it: a file may take another's place that has an older one.
    auto date = fields.if_modified_since ? parse_http_date(*fields.if_modified_since) : std::nullopt;
    return !date || whole_second(validators.modified_at) != whole_second(*date);
}

}  // namespace

Precondition check_read(const ConditionFields& fields, const Validators& validators) {
    if (!may_act(fields, validators)) return Precondition::failed;
    return is_new_to_client(fields, validators) ? Precondition::holds : Precondition::not_modified;
}

}  // namespace bodega::http
