// HTTP/1.1 heads (RFC 9112), read in the one way that every recipient could read them, or refused.
//
// Refused where the RFC lets a recipient be lenient and leniency would be a hole: obs-fold, bare CR or LF, white
// space around a name, a repeated or listed Content-Length, Content-Length with Transfer-Encoding, any coding but
// `chunked`, control characters, a missing, doubled or malformed Host. Pure functions, safe on hostile bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace bodega::http {

// A longer method is none that anybody knows (RFC 9112 section 3: 501).
constexpr std::size_t kMaxMethod = 64;

struct HeadLimits {
    std::size_t max_fields = 100;      // the bytes of a head are bounded by its reader
    std::size_t max_target = 8 << 10;  // bytes; over it 414
    Carrier carrier = Carrier::plain;
    bool needs_host = true;  // in HTTP/1.1 (RFC 9112 section 3.2); false: it may be missing or empty, behind a proxy
};

// `bytes` is a whole head, through its blank line, as HeadScanner found it. Fills `head`, or says why not.
std::optional<Refusal> parse_request(std::string_view bytes, const HeadLimits& limits, RequestHead& head);

// As parse_request, for the answer to a request of `method`. Statuses from 100 to 599.
std::optional<Refusal> parse_response(std::string_view bytes, const HeadLimits& limits, Method method,
                                      ResponseHead& head);

// Field lines up to and with the blank line: also the trailer section after a chunked body.
std::optional<Refusal> parse_fields(std::string_view bytes, std::size_t max_fields, Fields& fields);

}  // namespace bodega::http
