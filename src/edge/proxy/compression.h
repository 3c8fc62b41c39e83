// Whether a proxied answer goes out compressed, and what that changes in its head. Pure functions.
//
// Texts that the upstream left as they are, above a size, to who takes gzip. Never: parts of a representation, answers
// that forbid it (Cache-Control: no-transform), that carry a digest of their bytes or set a cookie, streams of events,
// answers to anything but GET and HEAD, or to a page of another site. The last three are about BREACH: what reflects a
// stranger's words beside a secret must not tell by its length which words come near.
#pragma once

#include <cstdint>
#include <string>

#include "http/message.h"

namespace bodega::edge {

enum class Compression : std::uint8_t {
    never,     // it is what it is
    unwanted,  // it could be, but not for this client: caches have to know
    gzip,
};

// above: bytes; an answer whose length is not known is long enough. Requires: above > 0.
Compression compression_of(const http::RequestHead& request, const http::ResponseHead& answer, std::uint64_t above);

// Makes the head that of the compressed answer (or, unwanted, of one of two): Content-Encoding, Vary, no ranges, and a
// weak entity tag, since the bytes are not those that the upstream's tag names (RFC 9110 section 8.8.1).
// etag: keeps what answer.fields then points into.
void announce(Compression compression, http::ResponseHead& answer, std::string& etag);

}  // namespace bodega::edge
