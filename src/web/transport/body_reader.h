// Reads a request's body in pieces (Content-Length or chunked, RFC 9112 sections 6 and 7.1).
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "http/chunked.h"

namespace bodega::web {

class Connection;

// Used only by the thread that works on the call, until the handler returns.
class BodyReader {
public:
    // length: std::nullopt for a chunked body. expects: true if the client waits for a 100 (Continue) before sending
    // the body (RFC 9110 section 10.1.1); the first read that has to wait sends the 100.
    BodyReader(Connection& connection, std::optional<std::int64_t> length, bool expects) noexcept;

    // The body's length in bytes, if the head states it.
    std::optional<std::int64_t> length() const noexcept { return length_; }

    // Reads at least one byte and at most buffer.size() bytes. Returns 0 at the end. Fills a large buffer without a
    // copy. Throws Error{invalid} if the framing is malformed or if the client closed the connection too early. An
    // upload keeps the bytes of earlier calls, which are valid despite the error.
    std::size_t read(std::span<char> buffer);

    // Reads the rest of the body as text. Throws Error{too_large} if the rest is longer than `max` bytes.
    std::string read_all(std::int64_t max);

    // Returns a function that ends the connection, which makes a waiting read fail. The function is thread-safe and may
    // be called after this reader is destroyed.
    std::function<void()> breaker() const;

    bool at_end() const noexcept { return ended_; }
    bool untouched() const noexcept { return !touched_; }

private:
    std::size_t take(std::span<char> buffer, std::uint64_t left);
    std::size_t read_counted(std::span<char> buffer);
    std::size_t read_chunked(std::span<char> buffer);
    bool next_chunk();

    Connection& connection_;
    const std::optional<std::int64_t> length_;
    std::int64_t left_;             // unread bytes of a body with a length
    http::ChunkedDecoder decoder_;  // used for a chunked body
    std::int64_t received_ = 0;     // data bytes of a chunked body that were received
    std::int64_t max_ = std::numeric_limits<std::int64_t>::max();
    bool expects_;
    bool ended_;
    bool touched_ = false;
};

}  // namespace bodega::web
