// Decides if a proxied answer is compressed, and changes its head accordingly. Pure functions.
//
// Compresses text that the upstream has not compressed, if it is longer than a limit and the client accepts gzip. Never
// compresses:
// - parts of a representation and event streams;
// - answers that forbid it (Cache-Control: no-transform) or carry a digest of their bytes;
// - answers that set a cookie, answers to methods other than GET and HEAD, and answers to requests from another site.
//
// The last rule protects against the BREACH attack: if an answer contains both a secret and text of an attacker, its
// compressed length shows how similar the two are.
#pragma once

#include <cstdint>
#include <string>

#include "http/message.h"

namespace bodega::edge {

enum class Compression : std::uint8_t {
    never,     // not compressible
    unwanted,  // compressible, but not for this client; Vary tells caches that other clients get gzip
    gzip,
};

// above: an answer of at most this many bytes is not compressed. An answer of unknown length counts as longer.
// Requires: above > 0.
Compression compression_of(const http::RequestHead& request, const http::ResponseHead& answer, std::uint64_t above);

// Changes the head to that of the compressed answer: Content-Encoding, Vary, no ranges, and a weak entity tag, since
// the bytes no longer match the upstream's tag (RFC 9110 section 8.8.1). For `unwanted`, only adds Vary. etag: holds
// the text of the new tag; answer.fields refers to it after the call.
void announce(Compression compression, http::ResponseHead& answer, std::string& etag);

}  // namespace bodega::edge
