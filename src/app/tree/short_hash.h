// A short hash that distinguishes versions of one thing, for entity tags. Not collision-resistant: not for input that
// an attacker chooses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::app {

// 64-bit FNV-1a over values, each with its length.
class ShortHash {
public:
    ShortHash& add(std::string_view bytes);
    ShortHash& add(std::int64_t number);
    std::string hex() const;  // 16 digits

private:
    void step(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001b3; }

    std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace bodega::app
