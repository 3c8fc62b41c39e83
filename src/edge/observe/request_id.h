// Makes request ids. They are ULIDs that are made in bulk, since one getrandom(2) for each request would cost too much.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace bodega::edge {

// Not thread-safe. There is one for each loop.
class RequestIds {
public:
    // Writes the 26 characters of a new ULID into `out`.
    void next(std::string& out);

private:
    static constexpr std::size_t kRandom = 10;  // random bytes in a ULID

    std::array<std::uint8_t, kRandom * 256> pool_{};
    std::size_t used_ = kRandom * 256;
};

}  // namespace bodega::edge
