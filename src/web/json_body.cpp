#include "web/json_body.h"

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::web {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;

[[noreturn]] void refuse(const std::string& what) { throw base::Error(base::Code::invalid, what); }

[[noreturn]] void refuse_field(std::string_view field, std::string_view type) {
    refuse("the field \"" + std::string(field) + "\" must be " + std::string(type));
}

// Nesting is cut off before it can use up the stack.
json parse(std::string_view text) {
    if (!base::is_utf8(text)) refuse("the body is not UTF-8");
    auto shallow = [](int depth, json::parse_event_t, json&) {
        if (depth > kMaxDepth) refuse("the JSON is nested too deep");
        return true;
    };
    json document = json::parse(text, shallow, false);
    if (document.is_discarded()) refuse("the body is not JSON");
    if (!document.is_object()) refuse("the body must be a JSON object");
    return document;
}

std::string to_text(const json& value, std::string_view field) {
    if (!value.is_string()) refuse_field(field, "text");
    return value.get<std::string>();
}

std::int64_t to_integer(const json& value, std::string_view field) {
    bool fits = value.is_number_integer() &&
                !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX});
    if (!fits) refuse_field(field, "a whole number");
    return value.get<std::int64_t>();
}

bool to_boolean(const json& value, std::string_view field) {
    if (!value.is_boolean()) refuse_field(field, "true or false");
    return value.get<bool>();
}

base::Ulid to_ulid(const json& value, std::string_view field) {
    auto id = base::Ulid::parse(value.is_string() ? value.get_ref<const std::string&>() : std::string());
    if (!id) refuse_field(field, "an id");
    return *id;
}

}  // namespace

JsonBody::JsonBody(std::string_view text) : object_(parse(text)) {}

const json* JsonBody::find(std::string_view field) const {
    auto found = object_.find(field);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const json& JsonBody::require(std::string_view field, std::string_view type) const {
    const json* value = find(field);
    if (!value) refuse("the field \"" + std::string(field) + "\" is missing; it must be " + std::string(type));
    return *value;
}

bool JsonBody::has(std::string_view field) const { return object_.contains(field); }

bool JsonBody::is_null(std::string_view field) const { return has(field) && !find(field); }

std::string JsonBody::text(std::string_view field) const { return to_text(require(field, "text"), field); }

std::int64_t JsonBody::integer(std::string_view field) const {
    return to_integer(require(field, "a whole number"), field);
}

bool JsonBody::boolean(std::string_view field) const { return to_boolean(require(field, "true or false"), field); }

base::Ulid JsonBody::ulid(std::string_view field) const { return to_ulid(require(field, "an id"), field); }

std::optional<std::string> JsonBody::optional_text(std::string_view field) const {
    const json* value = find(field);
    return value ? std::optional(to_text(*value, field)) : std::nullopt;
}

std::optional<std::int64_t> JsonBody::optional_integer(std::string_view field) const {
    const json* value = find(field);
    return value ? std::optional(to_integer(*value, field)) : std::nullopt;
}

std::optional<bool> JsonBody::optional_boolean(std::string_view field) const {
    const json* value = find(field);
    return value ? std::optional(to_boolean(*value, field)) : std::nullopt;
}

std::optional<base::Ulid> JsonBody::optional_ulid(std::string_view field) const {
    const json* value = find(field);
    return value ? std::optional(to_ulid(*value, field)) : std::nullopt;
}

}  // namespace bodega::web
