// The checksums that a client may send with a part of an upload (tus 1.0.0, extension checksum) or a file (RFC 9530).
//
// One thread at a time.
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
    // The algorithms' names as tus writes them, best first, with commas.
    static constexpr std::string_view kAlgorithms = "sha256,sha1,md5,crc32";

    // One of kAlgorithms, or "sha-512", as RFC 9530 writes it. std::nullopt: any other.
    static std::optional<Checksum> named(std::string_view algorithm);

    void update(std::span<const std::uint8_t> bytes);
    // The digest in network byte order. Ends it.
    base::Bytes value();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };

    Checksum() = default;

    std::unique_ptr<evp_md_ctx_st, Free> context_;  // empty: CRC-32
    unsigned long crc_ = 0;
};

}  // namespace bodega::blobs
