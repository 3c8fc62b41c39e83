// A short hash that tells versions of one thing apart, for entity tags. Not for what is hostile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::app {

// FNV-1a, 64 bits, over values that each bring their length.
class Fingerprint {
public:
    Fingerprint& add(std::string_view bytes);
    Fingerprint& add(std::int64_t number);
    std::string hex() const;  // 16 digits

private:
    void step(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001b3; }

    std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace bodega::app
