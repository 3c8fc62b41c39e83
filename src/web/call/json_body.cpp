#include "web/call/json_body.h"

#include "base/encoding.h"
#include "base/error.h"

namespace bodega::web {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;
constexpr int kMaxNodes = 20'000;  // the most values and containers; each uses up to 100 bytes after parsing

[[noreturn]] void refuse(const std::string& what) { throw base::Error(base::Code::invalid, what); }

[[noreturn]] void refuse_field(std::string_view field, std::string_view type) {
    refuse("The field \"" + std::string(field) + "\" must be " + std::string(type) + ".");
}

// Counts the values and the depth of a document without storing the document. Stops at a syntax error, which the parser
// then reports.
class SizeCounter final : public nlohmann::json_sax<json> {
public:
    bool null() override { return count(); }
    bool boolean(bool) override { return count(); }
    bool number_integer(number_integer_t) override { return count(); }
    bool number_unsigned(number_unsigned_t) override { return count(); }
    bool number_float(number_float_t, const string_t&) override { return count(); }
    bool string(string_t&) override { return count(); }
    bool binary(binary_t&) override { return count(); }
    bool key(string_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    bool count() {
        if (++nodes_ > kMaxNodes) refuse("The JSON has more than " + std::to_string(kMaxNodes) + " values.");
        return true;
    }
    bool open() {
        if (++depth_ > kMaxDepth) refuse("The JSON is nested too deeply.");
        return count();
    }
    bool close() {
        --depth_;
        return true;
    }

    int depth_ = 0, nodes_ = 0;
};

// Parses in two passes, each linear. A single pass with a callback (nlohmann 3.11) takes time quadratic in an array's
// length.
json parse(std::string_view text) {
    if (!base::is_utf8(text)) refuse("The body is not UTF-8.");
    SizeCounter counter;
    if (!json::sax_parse(text, &counter)) refuse("The body is not JSON.");
    json document = json::parse(text, nullptr, false);
    if (!document.is_object()) refuse("The body must be a JSON object.");
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
    if (!value) refuse("The field \"" + std::string(field) + "\" is missing; it must be " + std::string(type) + ".");
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

std::vector<base::Ulid> JsonBody::ulids(std::string_view field) const {
    const json* value = find(field);
    if (!value) return {};
    if (!value->is_array()) refuse_field(field, "a list of ids");
    std::vector<base::Ulid> out;
    out.reserve(value->size());
    for (const json& one : *value) out.push_back(to_ulid(one, field));
    return out;
}

}  // namespace bodega::web
