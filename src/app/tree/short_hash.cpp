#include "app/tree/short_hash.h"

#include "base/text.h"

namespace bodega::app {

ShortHash& ShortHash::add(std::string_view bytes) {
    add(static_cast<std::int64_t>(bytes.size()));
    for (const char c : bytes) step(static_cast<std::uint8_t>(c));
    return *this;
}

ShortHash& ShortHash::add(std::int64_t number) {
    for (int shift = 0; shift < 64; shift += 8) step(static_cast<std::uint8_t>(number >> shift & 0xff));
    return *this;
}

std::string ShortHash::hex() const {
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += base::hex_digit(static_cast<unsigned>(value_ >> shift & 0xf));
    return out;
}

}  // namespace bodega::app
