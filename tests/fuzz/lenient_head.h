// A head as the most lenient recipient behind the edge could read it: what the edge accepts must mean the same here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::fuzz {

struct LenientHead {
    std::optional<std::uint64_t> length;  // of any field whose name comes down to content-length
    bool chunked = false;                 // any value of transfer-encoding has the letters of chunked
    int lengths = 0;
    int codings = 0;
    int hosts = 0;
};

// Lines end at CR, LF or both; a name is what is left of it without the bytes that no name has, in any case; a
// number is the digits that a value begins with after anything that is none.
LenientHead read_leniently(std::string_view head);

}  // namespace bodega::fuzz
