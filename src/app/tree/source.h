// Bytes on their way in, pulled block by block: a request's body, a file that is imported.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace bodega::app {

// Puts at least one byte into the buffer and tells how many; 0 at the end. Throws base::Error when the
// bytes stop before their end: those that were given before are good.
using Source = std::function<std::size_t(std::span<std::uint8_t>)>;

// Large enough that system calls cost little beside the hashing, small enough for the processor's cache.
inline constexpr std::size_t kBlock = 256 << 10;

class Block {
public:
    Block() : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(kBlock)) {}

    // The next bytes of `source`, empty at its end. Valid until the next call.
    std::span<const std::uint8_t> fill(const Source& source) {
        return {bytes_.get(), source(std::span(bytes_.get(), kBlock))};
    }

private:
    std::unique_ptr<std::uint8_t[]> bytes_;
};

}  // namespace bodega::app
