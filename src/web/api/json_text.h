// JSON written straight into a string: for what is sent often, where a document in between would cost more than
// the query did.
//
//   JsonText json(out);
//   json.open('{').member("id", id.text()).member("size", size).null_or("mime", mime).close('}');
//
// The caller keeps to JSON's grammar; commas are put by this class. Texts are valid UTF-8.
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
    JsonText& key(std::string_view name);  // then a value, or open()

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
