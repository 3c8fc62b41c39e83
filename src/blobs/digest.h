// SHA-256 of a stream, with a state that can be saved and restored. An upload's digest moves with the upload from node
// to node, so no node has to read the file again when the upload ends.
//
// Used by one thread at a time.
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
    std::uint64_t length() const noexcept { return length_; }  // number of bytes so far

    // The digest of all bytes so far; more may follow.
    Sha256 value() const noexcept;

    // The state as bytes (at most 104), in the same format on every machine.
    base::Bytes save() const;
    // Returns std::nullopt for bytes that save() did not write.
    static std::optional<Digest> restore(std::string_view saved);

private:
    std::array<std::uint32_t, 8> chain_;  // the hash value H of FIPS 180-4, after the last complete block
    std::uint64_t length_ = 0;
    std::array<std::uint8_t, 64> partial_{};  // the incomplete block: length_ % 64 bytes
};

Sha256 sha256(std::span<const std::uint8_t> bytes) noexcept;

}  // namespace bodega::blobs
