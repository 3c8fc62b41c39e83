// A source of bytes that is read block by block, such as a request's body or a file that is imported.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace bodega::app {

// Writes at least one byte into the buffer and returns the number of bytes; returns 0 at the end. Throws base::Error if
// the bytes stop too early; the bytes that earlier calls returned are valid.
using Source = std::function<std::size_t(std::span<std::uint8_t>)>;

// Bytes. Large enough that system calls cost little compared to the hashing, and small enough for the processor's
// cache.
inline constexpr std::size_t kBlock = 256 << 10;

class Block {
public:
    Block() : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(kBlock)) {}

    // Returns the next bytes of `source`, or nothing at its end. The bytes are valid until the next call.
    std::span<const std::uint8_t> fill(const Source& source) {
        return {bytes_.get(), source(std::span(bytes_.get(), kBlock))};
    }

private:
    std::unique_ptr<std::uint8_t[]> bytes_;
};

}  // namespace bodega::app
