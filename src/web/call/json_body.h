// A request's JSON object with typed access to its fields. Throws Error{invalid} with the field's name if a field has
// the wrong type.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ulid.h"

namespace bodega::web {

class JsonBody {
public:
    // Takes time and memory linear in the text's length. Throws Error{invalid} if the text is not UTF-8, not a JSON
    // object, nested deeper than 32 levels, or has more than 20,000 values.
    explicit JsonBody(std::string_view text);

    bool has(std::string_view field) const;
    bool is_null(std::string_view field) const;  // true if the field is present and null

    // The functions below throw if the field is absent, null or of another type.
    std::string text(std::string_view field) const;
    std::int64_t integer(std::string_view field) const;
    bool boolean(std::string_view field) const;
    base::Ulid ulid(std::string_view field) const;

    // The functions below return std::nullopt if the field is absent or null. They throw if the field has another type.
    std::optional<std::string> optional_text(std::string_view field) const;
    std::optional<std::int64_t> optional_integer(std::string_view field) const;
    std::optional<bool> optional_boolean(std::string_view field) const;
    std::optional<base::Ulid> optional_ulid(std::string_view field) const;
    // returns an empty list if the field is absent or null
    std::vector<base::Ulid> ulids(std::string_view field) const;

private:
    const nlohmann::json* find(std::string_view field) const;
    const nlohmann::json& require(std::string_view field, std::string_view type) const;

    nlohmann::json object_;
};

}  // namespace bodega::web
