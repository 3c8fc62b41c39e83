// Reads a head as the most lenient recipient behind the edge could: a head that the edge accepts must mean the same
// here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::fuzz {

struct LenientHead {
    std::optional<std::uint64_t> length;  // of any field whose name reduces to content-length
    bool chunked = false;                 // any value of transfer-encoding has the letters of chunked
    int lengths = 0;
    int codings = 0;
    int hosts = 0;
};

// Lines end at CR, LF or both. Names are compared without case and without bytes that no name may have. A number is the
// first digits of a value, after any other bytes.
LenientHead read_leniently(std::string_view head);

}  // namespace bodega::fuzz
