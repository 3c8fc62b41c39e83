// What a request's and a response's head say, parsed, and how long the body after it is.
//
// The views point into the bytes that were parsed, which the owner keeps as long.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/fields.h"

namespace bodega::http {

// How a body ends (RFC 9112 section 6).
struct Framing {
    enum class Kind : std::uint8_t { none, length, chunked, until_close };
    Kind kind = Kind::none;
    std::uint64_t length = 0;  // of Kind::length
};

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, connect, trace, other };

// Safe to send twice (RFC 9110 section 9.2.2).
bool is_idempotent(Method method) noexcept;

// What a request came by. secure: TLS, or a trusted proxy, which may have ended the client's TLS.
enum class Carrier : bool { plain, secure };

struct RequestHead {
    std::string_view method_name;
    Method method = Method::other;
    std::string_view target;  // origin-form ("/path?query") or "*", whatever form it came in
    std::string_view path;    // target without the query
    std::string_view host;    // authority; empty only in HTTP/1.0
    int minor = 1;            // HTTP/1.minor
    Fields fields;
    Framing body;
    bool keep_alive = true;
    bool expects_continue = false;
    bool has_connection_names = false;  // Connection lists other fields than close and keep-alive

    void clear() noexcept;  // keeps the memory of `fields`
};

struct ResponseHead {
    int status = 0;
    int minor = 1;
    Fields fields;
    Framing body;  // as the message is framed; `none` for HEAD whatever its Content-Length says
    bool keep_alive = true;
    bool has_connection_names = false;

    void clear() noexcept;
};

// Why a message is refused: for a request the status to answer with before closing.
struct Refusal {
    int status;
    const char* reason;  // for a person, one line
};

}  // namespace bodega::http
