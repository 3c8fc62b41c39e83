// One request and its answer: the interface between protocols and handlers.
//
// A handler can't distinguish HTTP/1.1 from HTTP/2, or TLS from plain text. Calls never wait. An operation that can't
// proceed returns that as its result. The handler then waits on wakeup() until deadline() and tries again:
//
//   while (x.write(rest) == Exchange::Write::blocked)
//       if (co_await x.wakeup().wait(x.deadline()) != Wake::event) co_return;
//
// If a handler returns without finish(), the answer is truncated, and the protocol closes the connection (or stream).
// Belongs to its loop's thread. Outlives the handler's coroutine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/public_url.h"
#include "edge/observe/request_stats.h"
#include "http/message.h"
#include "net/ledger.h"
#include "net/wakeup.h"

namespace bodega::edge {

// The head of an answer. `fields` does not contain the fields for framing, connection and request id, since the
// protocol adds them.
struct Answer {
    int status = 200;
    std::string_view fields;              // complete lines "Name: value\r\n", which begin() copies
    std::optional<std::uint64_t> length;  // length of the body, also for HEAD; std::nullopt if not known
    bool has_date = false;                // true if `fields` contains a Date
};

class ErrorPages;

class Exchange {
public:
    virtual ~Exchange() = default;

    const http::RequestHead& request() const noexcept { return request_; }
    std::string_view request_id() const noexcept { return request_id_; }
    RequestStats& stats() noexcept { return stats_; }
    // The client's address without its port. If trusted proxies report the client (edge/routing/trust.h), the reported
    // address, otherwise the connection's remote address.
    virtual std::string_view address() const noexcept = 0;
    virtual std::string_view scheme() const noexcept = 0;  // scheme of the client's own connection: "http" or "https"
    // The authority that the client requested. request().host is different if a trusted proxy has changed the
    // authority.
    virtual std::string_view asked_host() const noexcept { return request_.host; }
    // The https port, if this request's listener only redirects to https. 0 if the listener serves requests.
    virtual std::uint16_t redirect_port() const noexcept { return 0; }
    virtual net::Wakeup& wakeup() noexcept = 0;
    // Counts the memory that is held for the client.
    virtual net::Ledger& ledger() noexcept = 0;

    // The operator's pages for the edge's own errors, or nullptr.
    const ErrorPages* error_pages() const noexcept { return error_pages_; }
    // True if the request is for the API. Its errors are then answered as problem+json (RFC 9457).
    bool is_for_api() const;

    // --- the request's body

    enum class Body : std::uint8_t {
        bytes,      // body_bytes() returns some bytes
        pending,    // no bytes have arrived yet
        complete,   // there are no more bytes
        broken,     // the client left before the body's end
        malformed,  // the framing is invalid; answer 400
    };
    virtual Body poll_body() = 0;  // also sends a 100 (Continue) if the client expects one
    virtual std::string_view body_bytes() const = 0;
    virtual void consume_body(std::size_t count) = 0;
    // Does what poll_body() does, but moves the available bytes into `to` and sets `got` to their number. Returns
    // Body::bytes if `to` is full.
    virtual Body read_body(std::span<char> to, std::size_t& got);

    // --- the answer, one for each exchange

    // Sends an interim answer (RFC 9110 section 15.2). Call it before begin(). fields: as in Answer. Never blocks. Does
    // nothing for HTTP/1.0, which has no interim answers.
    virtual void inform(int status, std::string_view fields) = 0;

    enum class Write : std::uint8_t { done, blocked, gone };
    virtual void begin(const Answer& answer) = 0;
    // Sends bytes and removes the sent ones from `data`. Returns `done` if all were sent. After `blocked`, call it
    // again with the remaining bytes.
    virtual Write write(std::string_view& data) = 0;
    // Like write(), but sends `count` bytes of a file from `offset` on, with sendfile(2). Blocks on the disk if the
    // page cache lacks the bytes.
    virtual Write write_file(int file, off_t& offset, std::uint64_t& count) = 0;
    // Adds bytes to a small body. Copies them, so the caller need not wait until they are sent.
    virtual void append(std::string_view data) = 0;
    // Completes the answer. The bytes that are not sent yet are sent after the handler has returned.
    virtual void finish() = 0;
    virtual bool begun() const noexcept = 0;
    // Frees the request's head, except the parts that the access log needs. Call it when a long answer has begun. After
    // the call, do not rely on the fields of request().
    virtual void release_head() = 0;

    // --- another protocol (RFC 9110 section 7.8)

    // True if switch_protocols() can be called. It needs HTTP/1.1 and an answer that has not begun.
    virtual bool can_switch() const noexcept { return false; }
    // Answers 101 with `fields`, as in Answer. After that, body_bytes() and write() transfer raw bytes. Body::complete
    // or Body::broken means that the client sends no more. finish() ends the connection.
    virtual void switch_protocols(std::string_view) {}

    // --- the client

    // The time limit for the client: to send the bytes that poll_body() waits for, or to accept the bytes that write()
    // could not send.
    virtual net::Moment deadline() const noexcept = 0;
    virtual bool gone() const noexcept = 0;  // true if the client has left, so that nobody reads an answer
    // true if the client has closed its sending direction; it may still read the answer
    virtual bool half_closed() const noexcept = 0;

protected:
    // Clears the state of the last request, before the next request on the same connection.
    void forget_request() noexcept {
        request_.clear();
        request_id_.clear();
        stats_ = {};
    }

    http::RequestHead request_;
    std::string request_id_;
    const ErrorPages* error_pages_ = nullptr;
    const config::PublicUrl* site_ = nullptr;
    RequestStats stats_;
};

}  // namespace bodega::edge
