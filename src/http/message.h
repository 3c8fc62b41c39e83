// Parsed heads of requests and responses, and how the length of the body is determined.
//
// The views point into the parsed bytes, which the owner must keep as long as the views are used.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/fields.h"

namespace bodega::http {

// How a body ends (RFC 9112 section 6).
struct Framing {
    enum class Kind : std::uint8_t { none, length, chunked, until_close };
    Kind kind = Kind::none;
    std::uint64_t length = 0;  // bytes; used only with Kind::length
};

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, connect, trace, other };

// True if the method is safe: its request asks for no change (RFC 9110 section 9.2.1).
bool is_safe(Method method) noexcept;
// True if sending the request twice has the effect of sending it once (RFC 9110 section 9.2.2).
bool is_idempotent(Method method) noexcept;

// secure: the request came over TLS, or from a trusted proxy, which may have terminated the client's TLS.
enum class Carrier : bool { plain, secure };

struct RequestHead {
    std::string_view method_name;
    Method method = Method::other;
    std::string_view target;  // origin-form ("/path?query") or "*", whatever form was received
    std::string_view path;    // target without the query
    std::string_view host;    // authority; empty only in HTTP/1.0
    int minor = 1;            // HTTP/1.minor
    Fields fields;
    Framing body;
    bool keep_alive = true;
    bool expects_continue = false;
    bool has_connection_names = false;  // Connection lists fields other than close and keep-alive

    void clear() noexcept;  // keeps the allocated memory of `fields` for the next head
};

struct ResponseHead {
    int status = 0;
    int minor = 1;
    Fields fields;
    Framing body;  // how the message is framed; `none` for HEAD, whatever Content-Length says
    bool keep_alive = true;
    bool has_connection_names = false;

    void clear() noexcept;
};

// Why a message was rejected. For a request, `status` is the answer to send before the connection closes.
struct Refusal {
    int status;
    const char* reason;  // one sentence for the person who reads the answer
};

}  // namespace bodega::http
