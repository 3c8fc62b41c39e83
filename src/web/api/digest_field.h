// Repr-Digest and Content-Digest (RFC 9530): the expected digests of a body. Pure functions.
#pragma once

#include <string_view>

#include "app/tree/put_file.h"

namespace bodega::web {

// Reads the digests that bodega computes, sha-256 and sha-512, and ignores others, as section 3 of the RFC allows.
// `value` is one or more field lines, joined by commas, or empty if the field is absent. Throws Error{invalid} with the
// field's name if the value is malformed.
app::Digests parse_digests(std::string_view field, std::string_view value);

// Merges the digests of Repr-Digest and Content-Digest. Both describe the same bytes, since a request without a content
// coding has only one representation. Throws Error{checksum_mismatch} if the digests differ.
app::Digests both_digests(const app::Digests& one, const app::Digests& other);

}  // namespace bodega::web
