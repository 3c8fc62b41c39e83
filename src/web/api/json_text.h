// Writes JSON directly into a string. Used for frequent answers, where building a document first would cost more than
// the query.
//
//   JsonText json(out);
//   json.open('{').member("id", id.text()).member("size", size).member("mime", mime).close('}');
//
// This class writes the commas. The caller has to follow the rest of JSON's grammar. Requires: texts are valid UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ulid.h"

namespace bodega::web {

class JsonText {
public:
    explicit JsonText(std::string& out) : out_(out) {}

    JsonText& open(char bracket);
    JsonText& close(char bracket);
    // Writes the name of a member. Call a value function or open() next.
    JsonText& key(std::string_view name);

    JsonText& value(std::string_view text);
    JsonText& value(const char* text) { return value(std::string_view(text)); }
    JsonText& value(std::int64_t number);
    JsonText& value(const base::Ulid& id);
    JsonText& null();
    template <class T>
    JsonText& value(const std::optional<T>& value_or_null) {
        return value_or_null ? value(*value_or_null) : null();
    }

    template <class T>
    JsonText& member(std::string_view name, const T& v) {
        return key(name).value(v);
    }

private:
    void begin_value();

    std::string& out_;
    bool first_ = true;
};

}  // namespace bodega::web
