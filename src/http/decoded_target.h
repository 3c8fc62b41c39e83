// A request target (RFC 9112, section 3.2.1): its path's segments and its query's fields, decoded once and strictly.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bodega::http {

struct DecodedTarget {
    std::string_view path;                                   // as sent; views the text given to parse
    std::vector<std::string> segments;                       // "/a/b%2Fc" is {"a", "b/c"}; "/" is {""}
    std::vector<std::pair<std::string, std::string>> query;  // '+' is a space; in the order of sending

    // Origin form ("/…") alone. std::nullopt: another form, a broken percent-encoding, more than 32 segments or
    // 64 query fields. Segments can hold any byte, NUL and bad UTF-8 too: whoever takes them decides.
    static std::optional<DecodedTarget> parse(std::string_view text);
};

}  // namespace bodega::http
