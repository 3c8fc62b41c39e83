// One request and its answer: the seam between protocols and handlers.
//
// A handler can't tell HTTP/1.1 from HTTP/2, or TLS from plain. Nothing here waits: what can't go on says so, and
// the handler then waits on waiter() until deadline(), looks again, and so on:
//
//   while (x.write(rest) == Exchange::Write::blocked)
//       if (co_await x.waiter().wait(x.deadline()) != Wake::event) co_return;
//
// A handler that returns without finish() leaves a cut answer: the connection (or stream) is closed, not kept.
// Belongs to its loop's thread; outlives the handler's coroutine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/ledger.h"
#include "edge/observe/request_stats.h"
#include "net/wakeup.h"
#include "http/message.h"

namespace bodega::edge {

// The head of an answer. Framing, connection and request id fields are the protocol's: they are not in `fields`.
struct Answer {
    int status = 200;
    std::string_view fields;              // whole lines, "Name: value\r\n" each; copied by begin()
    std::optional<std::uint64_t> length;  // of the body, or what it would be for HEAD; nullopt: not known
    bool has_date = false;                // `fields` has a Date of its own
};

class ErrorPages;

class Exchange {
public:
    virtual ~Exchange() = default;

    const http::RequestHead& request() const noexcept { return request_; }
    std::string_view request_id() const noexcept { return request_id_; }
    Trail& trail() noexcept { return trail_; }
    // The client's, without its port: the peer's, or what trusted proxies say (trust.h).
    virtual std::string_view address() const noexcept = 0;
    virtual std::string_view scheme() const noexcept = 0;  // "http" or "https", of the client's own connection
    // The authority that the client asked for, before a trusted proxy asked for another.
    virtual std::string_view asked_host() const noexcept { return request_.host; }
    // Of the https:// listener, where the one that the request came in by sends all to; 0: it serves.
    virtual std::uint16_t redirect_port() const noexcept { return 0; }
    virtual Waiter& waiter() noexcept = 0;
    // Where what is held for the client is counted.
    virtual Ledger& ledger() noexcept = 0;

    // The operator's pages for the edge's own errors; nullptr: there are none.
    const ErrorPages* error_pages() const noexcept { return error_pages_; }

    // --- the request's body

    enum class Body : std::uint8_t {
        bytes,      // body_bytes() has some
        pending,    // none yet
        complete,   // there are no more
        broken,     // the client left in the middle of it
        malformed,  // its framing is none: 400
    };
    virtual Body poll_body() = 0;  // tells a client that expects it to continue
    virtual std::string_view body_bytes() const = 0;
    virtual void consume_body(std::size_t count) = 0;
    // The same for who has memory of its own: moves to `to` what there is, `got` bytes. bytes: `to` is full.
    virtual Body read_body(std::span<char> to, std::size_t& got);

    // --- the answer, once

    // An interim answer (RFC 9110 section 15.2) before begin(); `fields` as an Answer's. Queued and sent by itself;
    // nothing to a client of HTTP/1.0, which knows of none.
    virtual void inform(int status, std::string_view fields) = 0;

    enum class Write : std::uint8_t { done, blocked, gone };
    virtual void begin(const Answer& answer) = 0;
    // Takes what was sent off `data`; done when it is empty. What is left has to be offered again, the same bytes.
    virtual Write write(std::string_view& data) = 0;
    // As write, with sendfile; may block on the disk unless the page cache has the bytes.
    virtual Write write_file(int file, off_t& offset, std::uint64_t& count) = 0;
    // A small body that the exchange copies and sends by itself.
    virtual void append(std::string_view data) = 0;
    // The answer is whole; what is still to be sent is sent after the handler returned.
    virtual void finish() = 0;
    virtual bool begun() const noexcept = 0;
    // The answer has begun and takes its time: of the request's head only what the log has use for is kept. request()
    // has no fields of the client's any more.
    virtual void release_head() = 0;

    // --- another protocol (RFC 9110 section 7.8)

    // Whether switch_protocols() can be called: HTTP/1.1, with nothing of the answer begun.
    virtual bool can_switch() const noexcept { return false; }
    // Answers 101 with `fields`, as those of Answer. From then on body_bytes() and write() pass bytes as they come,
    // until Body::broken or complete: the client sends no more. finish() ends it.
    virtual void switch_protocols(std::string_view) {}

    // --- the client

    // Until when it has to send what poll_body() found missing, or take what write() could not send.
    virtual Moment deadline() const noexcept = 0;
    virtual bool gone() const noexcept = 0;         // nobody is there to read an answer
    virtual bool half_closed() const noexcept = 0;  // it sends no more; it may still read, or be gone

protected:
    http::RequestHead request_;
    std::string request_id_;
    const ErrorPages* error_pages_ = nullptr;
    Trail trail_;
};

}  // namespace bodega::edge
