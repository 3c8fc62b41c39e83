// Repr-Digest and Content-Digest (RFC 9530): the expected digests of a body. Pure functions.
#pragma once

#include <string_view>

#include "app/tree/put_file.h"

namespace bodega::web {

// Reads the digests that bodega computes, sha-256 and sha-512; ignores others, as section 3 of the RFC allows. `value`:
// one or more field lines, joined by commas; empty: the field is absent. Throws Error{invalid} with the field's name if
// it is malformed.
app::Digests parse_digests(std::string_view field, std::string_view value);

// Merges the digests of both fields. A request without a content coding has one representation, so both fields describe
// the same bytes. Throws Error{checksum_mismatch} if they contradict each other.
app::Digests both_digests(const app::Digests& one, const app::Digests& other);

}  // namespace bodega::web
