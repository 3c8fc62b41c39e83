// One request and its answer: the interface between protocols and handlers.
//
// A handler can't tell HTTP/1.1 from HTTP/2, or TLS from plain. Calls never wait. An operation that can't proceed says
// so; the handler then waits on wakeup() until deadline() and tries again:
//
//   while (x.write(rest) == Exchange::Write::blocked)
//       if (co_await x.wakeup().wait(x.deadline()) != Wake::event) co_return;
//
// A handler that returns without finish() leaves a truncated answer: the connection (or stream) is closed, not kept.
// Belongs to its loop's thread; outlives the handler's coroutine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "edge/observe/request_stats.h"
#include "http/message.h"
#include "net/ledger.h"
#include "net/wakeup.h"

namespace bodega::edge {

// The head of an answer. The protocol adds the framing, connection and request id fields: they are not in `fields`.
struct Answer {
    int status = 200;
    std::string_view fields;              // complete lines, "Name: value\r\n" each; copied by begin()
    std::optional<std::uint64_t> length;  // body bytes, or what they would be for HEAD; nullopt: not known
    bool has_date = false;                // `fields` contains a Date
};

class ErrorPages;

class Exchange {
public:
    virtual ~Exchange() = default;

    const http::RequestHead& request() const noexcept { return request_; }
    std::string_view request_id() const noexcept { return request_id_; }
    RequestStats& stats() noexcept { return stats_; }
    // The client's address without its port: the peer's, or what trusted proxies report (trust.h).
    virtual std::string_view address() const noexcept = 0;
    virtual std::string_view scheme() const noexcept = 0;  // "http" or "https": scheme of the client's own connection
    // The authority that the client asked for, even if a trusted proxy asked for another.
    virtual std::string_view asked_host() const noexcept { return request_.host; }
    // If the request's listener redirects: the port of https. 0: it serves requests.
    virtual std::uint16_t redirect_port() const noexcept { return 0; }
    virtual net::Wakeup& wakeup() noexcept = 0;
    // Counts the bytes that are held for the client.
    virtual net::Ledger& ledger() noexcept = 0;

    // The operator's pages for the edge's own errors; nullptr: no pages.
    const ErrorPages* error_pages() const noexcept { return error_pages_; }

    // --- the request's body

    enum class Body : std::uint8_t {
        bytes,      // body_bytes() has some
        pending,    // no bytes yet
        complete,   // no more bytes
        broken,     // the client left before the body's end
        malformed,  // invalid framing: 400
    };
    virtual Body poll_body() = 0;  // also sends 100 (Continue) to a client that expects it
    virtual std::string_view body_bytes() const = 0;
    virtual void consume_body(std::size_t count) = 0;
    // Like poll_body(), for a caller with its own memory: moves the available bytes into `to` and sets `got`. Returns
    // bytes if `to` is full.
    virtual Body read_body(std::span<char> to, std::size_t& got);

    // --- the answer, once per exchange

    // Sends an interim answer (RFC 9110 section 15.2) before begin(); `fields` as in Answer. It is queued and sent
    // without further calls. HTTP/1.0 has no interim answers: nothing is sent to its clients.
    virtual void inform(int status, std::string_view fields) = 0;

    enum class Write : std::uint8_t { done, blocked, gone };
    virtual void begin(const Answer& answer) = 0;
    // Removes what was sent from `data`; done when `data` is empty. Otherwise call again later with the same remaining
    // bytes.
    virtual Write write(std::string_view& data) = 0;
    // Like write(), with sendfile; may block on the disk unless the page cache has the bytes.
    virtual Write write_file(int file, off_t& offset, std::uint64_t& count) = 0;
    // Adds a small body, which the exchange copies and sends itself.
    virtual void append(std::string_view data) = 0;
    // The answer is complete; the exchange sends the rest after the handler returns.
    virtual void finish() = 0;
    virtual bool begun() const noexcept = 0;
    // Frees the request's head, except what the log needs. Call when the answer has begun and will take long. After
    // it, the fields of request() are empty.
    virtual void release_head() = 0;

    // --- another protocol (RFC 9110 section 7.8)

    // True if switch_protocols() can be called: HTTP/1.1, and no answer has begun.
    virtual bool can_switch() const noexcept { return false; }
    // Answers 101 with `fields`, as in Answer. From then on body_bytes() and write() pass raw bytes, until
    // Body::broken or Body::complete says that the client sends no more. finish() ends it.
    virtual void switch_protocols(std::string_view) {}

    // --- the client

    // When the client must have sent what poll_body() found missing, or accepted what write() could not send.
    virtual net::Moment deadline() const noexcept = 0;
    virtual bool gone() const noexcept = 0;         // the client has left: nobody reads an answer
    virtual bool half_closed() const noexcept = 0;  // the client sends no more; it may still read, or have left

protected:
    http::RequestHead request_;
    std::string request_id_;
    const ErrorPages* error_pages_ = nullptr;
    RequestStats stats_;
};

}  // namespace bodega::edge
