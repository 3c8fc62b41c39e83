// The checksums that a client may send with a part of an upload (tus 1.0.0, extension checksum) or with a file (RFC
// 9530).
//
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/encoding.h"

struct evp_md_ctx_st;

namespace bodega::blobs {

class Checksum {
public:
    // The algorithms' names as in tus, best first, separated by commas.
    static constexpr std::string_view kAlgorithms = "sha256,sha1,md5,crc32";

    // Accepts the names of kAlgorithms, and "sha-512" as in RFC 9530. Returns std::nullopt for any other name.
    static std::optional<Checksum> named(std::string_view algorithm);

    void update(std::span<const std::uint8_t> bytes);
    // Returns the digest in network byte order. Call it once, after all other calls.
    base::Bytes value();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };

    Checksum() = default;

    std::unique_ptr<evp_md_ctx_st, Free> context_;  // null if the algorithm is CRC-32
    unsigned long crc_ = 0;
};

}  // namespace bodega::blobs
