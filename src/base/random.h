// Random bytes from the kernel (getrandom(2)), suitable for secrets. Thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace bodega::base {

// Throws Error{internal} if the kernel refuses.
void fill_random(std::span<std::uint8_t> out);

// Returns `bytes` random bytes as base64url without padding: 32 bytes give 43 characters.
std::string random_secret(std::size_t bytes = 32);

// Returns a number that is uniform in [0, bound); for jitter. Requires: bound > 0.
std::uint64_t random_below(std::uint64_t bound);

}  // namespace bodega::base
