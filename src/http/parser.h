// Parses HTTP/1.1 heads (RFC 9112). A head that two recipients could read differently is rejected.
//
// The RFC lets a recipient tolerate some input that opens security holes. This parser rejects it: obs-fold, bare CR or
// LF, white space around a name, a repeated or listed Content-Length, Content-Length with Transfer-Encoding, any coding
// but `chunked`, control characters, and a missing, repeated or malformed Host. Pure functions, safe on hostile bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace bodega::http {

// No known method is longer. A longer method gets a 501 (RFC 9112 section 3).
constexpr std::size_t kMaxMethod = 64;

struct HeadLimits {
    std::size_t max_fields = 100;      // number of fields; the caller of HeadScanner limits their bytes
    std::size_t max_target = 8 << 10;  // bytes; a longer target gets a 414
    Carrier carrier = Carrier::plain;
    // true: Host is required (RFC 9112 section 3.2). false: the request came through a proxy, and Host may be missing
    // or empty.
    bool needs_host = true;
};

// `bytes` is a complete head with its blank line, as HeadScanner found it. Fills `head`, or returns why it was
// rejected.
std::optional<Refusal> parse_request(std::string_view bytes, const HeadLimits& limits, RequestHead& head);

// Like parse_request, but for the response to a request with `method`. Accepts statuses from 100 to 599.
std::optional<Refusal> parse_response(std::string_view bytes, const HeadLimits& limits, Method method,
                                      ResponseHead& head);

// Parses field lines up to and including the blank line; also the trailer section after a chunked body.
std::optional<Refusal> parse_fields(std::string_view bytes, std::size_t max_fields, Fields& fields);

}  // namespace bodega::http
