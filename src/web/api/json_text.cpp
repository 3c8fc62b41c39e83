#include "web/api/json_text.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace bodega::web {
namespace {

// Characters that a JSON string has to escape (RFC 8259 section 7).
constexpr std::array<bool, 256> kEscaped = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
    out['"'] = out['\\'] = true;
    return out;
}();

void append_escape(std::string& out, char c) {
    if (c == '"' || c == '\\') {
        out.append({'\\', c});
    } else {
        const unsigned value = static_cast<unsigned char>(c);
        out.append("\\u00").append({base::hex_digit(value >> 4), base::hex_digit(value)});
    }
}

void append_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!kEscaped[static_cast<unsigned char>(text[i])]) continue;
        out.append(text.substr(from, i - from));
        append_escape(out, text[i]);
        from = i + 1;
    }
    out.append(text.substr(from)) += '"';
}

}  // namespace

void JsonText::begin_value() {
    if (!first_) out_ += ',';
    first_ = false;
}

JsonText& JsonText::open(char bracket) {
    begin_value();
    out_ += bracket;
    first_ = true;
    return *this;
}

JsonText& JsonText::close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
}

JsonText& JsonText::key(std::string_view name) {
    begin_value();
    append_string(out_, name);
    out_ += ':';
    first_ = true;
    return *this;
}

JsonText& JsonText::value(std::string_view text) {
    begin_value();
    append_string(out_, text);
    return *this;
}

JsonText& JsonText::value(std::int64_t number) {
    begin_value();
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
    return *this;
}

JsonText& JsonText::value(const base::Ulid& id) { return value(std::string_view(id.text())); }

JsonText& JsonText::null() {
    begin_value();
    out_ += "null";
    return *this;
}

}  // namespace bodega::web
