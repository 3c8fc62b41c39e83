// SHA-256 of a stream, whose state can be put away and taken up again: an upload's digest travels with the
// upload from node to node, so its end costs the same after 10 MB and after 50 GB.
//
// One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/encoding.h"

namespace bodega::blobs {

using Sha256 = std::array<std::uint8_t, 32>;

class Digest {
public:
    Digest() noexcept;

    void update(std::span<const std::uint8_t> bytes) noexcept;
    std::uint64_t length() const noexcept { return length_; }  // bytes so far

    // Of all bytes so far; more may follow.
    Sha256 value() const noexcept;

    // The state as bytes (at most 104), the same on every machine.
    base::Bytes save() const;
    // std::nullopt for what save() did not write.
    static std::optional<Digest> restore(std::string_view saved);

private:
    std::array<std::uint32_t, 8> chain_;  // FIPS 180-4's H
    std::uint64_t length_ = 0;
    std::array<std::uint8_t, 64> partial_{};  // the block that is not full yet: length_ % 64 bytes
};

Sha256 sha256(std::span<const std::uint8_t> bytes) noexcept;

}  // namespace bodega::blobs
