// Repr-Digest and Content-Digest (RFC 9530): what the bytes of a body are to be. Pure functions.
#pragma once

#include <string_view>

#include "app/tree/put_file.h"

namespace bodega::web {

// The digests that bodega computes, sha-256 and sha-512; others are ignored, as section 3 of the RFC allows. `value`
// may be several lines of the field, joined by commas; empty: without it. Throws Error{invalid}, which names the field,
// for what is malformed.
app::Digests parse_digests(std::string_view field, std::string_view value);

// Those of both fields. A request without a content coding has one representation, so the two speak of the same bytes.
// Throws Error{checksum_mismatch} where they contradict each other.
app::Digests both_digests(const app::Digests& one, const app::Digests& other);

}  // namespace bodega::web
