// A short hash that distinguishes versions of one thing, for entity tags. It is not collision-resistant, so do not use
// it for input that an attacker chooses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::app {

// 64-bit FNV-1a over values. The length of each value is hashed too.
class ShortHash {
public:
    ShortHash& add(std::string_view bytes);
    ShortHash& add(std::int64_t number);
    std::string hex() const;  // 16 hexadecimal digits

private:
    void step(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001b3; }

    std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace bodega::app
