// Which stored variant of a representation a client takes best (RFC 9110 section 12.5.3). Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/fields.h"

namespace bodega::http {

enum class Coding : std::uint8_t { identity, gzip, brotli };

struct Weights {
    int identity = 1000;  // thousandths; 0: not acceptable
    int gzip = 0;
    int brotli = 0;
};

// The weights that an Accept-Encoding field's value gives; malformed elements are ignored.
Weights coding_weights(std::string_view accept_encoding) noexcept;

// Of all its lines together.
Weights coding_weights(const Fields& fields);

// The heaviest of those that are there; between equals the smaller one. Identity when nothing is acceptable.
Coding choose_coding(const Weights& weights, bool has_gzip, bool has_brotli) noexcept;

}  // namespace bodega::http
