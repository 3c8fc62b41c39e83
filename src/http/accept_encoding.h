// Chooses the stored variant of a representation that suits the client best (RFC 9110 section 12.5.3). Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/fields.h"

namespace bodega::http {

enum class Coding : std::uint8_t { identity, gzip, brotli };

struct Weights {
    int identity = 1000;  // weights in thousandths; 0: not acceptable
    int gzip = 0;
    int brotli = 0;
};

// Parses the value of one Accept-Encoding field. Malformed elements are ignored.
Weights coding_weights(std::string_view accept_encoding) noexcept;

// Parses all Accept-Encoding lines together.
Weights coding_weights(const Fields& fields);

// Returns the available coding with the highest weight; on a tie, the one that makes the smaller body. Returns
// identity when none is acceptable.
Coding choose_coding(const Weights& weights, bool has_gzip, bool has_brotli) noexcept;

}  // namespace bodega::http
