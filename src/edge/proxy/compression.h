// Decides if a proxied answer is compressed, and changes its head accordingly. Pure functions.
//
// Compresses texts that the upstream left uncompressed, above a size, for clients that accept gzip. Never compresses:
// parts of a representation; answers that forbid it (Cache-Control: no-transform), carry a digest of their bytes or
// set a cookie; event streams; answers to methods other than GET and HEAD; answers to requests from another site. The
// last three protect against BREACH: if an answer contains an attacker's text beside a secret, its compressed length
// reveals how similar they are.
#pragma once

#include <cstdint>
#include <string>

#include "http/message.h"

namespace bodega::edge {

enum class Compression : std::uint8_t {
    never,     // not compressible
    unwanted,  // compressible, but this client does not accept it: caches must know (Vary)
    gzip,
};

// above: bytes; an answer of unknown length counts as long enough. Requires: above > 0.
Compression compression_of(const http::RequestHead& request, const http::ResponseHead& answer, std::uint64_t above);

// Changes the head to that of the compressed answer: Content-Encoding, Vary, no ranges, and a weak entity tag, since
// the bytes are no longer those of the upstream's tag (RFC 9110 section 8.8.1). For `unwanted`, marks the answer as
// one of two variants. etag: owns the text that answer.fields then points into.
void announce(Compression compression, http::ResponseHead& answer, std::string& etag);

}  // namespace bodega::edge
