// A request target (RFC 9112 section 3.2.1): the segments of its path and the fields of its query, decoded once and
// strictly.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bodega::http {

struct DecodedTarget {
    std::string_view path;                                   // as sent; points into the text that parse() got
    std::vector<std::string> segments;                       // "/a/b%2Fc" is {"a", "b/c"}; "/" is {""}
    std::vector<std::pair<std::string, std::string>> query;  // in the order sent; '+' is decoded as a space

    // Accepts the origin form ("/…") only. Returns std::nullopt for another form, a broken percent-encoding, more than
    // 32 segments or more than 64 query fields. Segments can hold any byte, also NUL and invalid UTF-8: the caller
    // must check them.
    static std::optional<DecodedTarget> parse(std::string_view text);
};

}  // namespace bodega::http
