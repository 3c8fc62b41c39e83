// One request on one upstream connection: sends the request's body and receives the answer at the same time.
//
// step() does everything that is possible without waiting. There is one buffer for each direction. If one side does not
// accept bytes, they stay in the buffer, and the other side is not read until the buffer is empty (backpressure from
// end to end).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/http1/framed_writer.h"
#include "edge/proxy/forward_head.h"
#include "edge/proxy/gzip.h"
#include "edge/proxy/spool_reader.h"
#include "edge/proxy/upstream_pool.h"
#include "edge/routing/header_rules.h"
#include "http/chunked.h"
#include "http/head_scanner.h"
#include "http/message.h"
#include "net/ledger.h"

namespace bodega::edge {

class Relay {
public:
    struct Settings {
        std::size_t buffer = 64 << 10;    // maximum bytes of the answer in memory
        std::size_t max_head = 64 << 10;  // maximum bytes of the answer's head
        // The request fails after this many milliseconds in which no byte was received from the upstream or sent to it.
        net::Moment timeout = 60000;
        bool trusts_files = false;           // true for the app: its X-Accel-Redirect is obeyed
        std::string_view upgrade;            // protocols to which a 101 may switch; may be empty
        const HeaderRules* rules = nullptr;  // the route's rules for the answer; may be null
        std::uint64_t compress_above = 0;    // text answers of more than this many bytes are compressed; 0: none
        const Outgoing* body = nullptr;      // if not null, used instead of the exchange's body
        // Reads the file of `body`. Not null if `body` has a file.
        net::FilePool* files = nullptr;
    };

    enum class State : std::uint8_t {
        going,
        complete,         // the exchange has the whole answer, or the edge has to send file()
        switched,         // 101: send fields() to the client; the following bytes are not HTTP
        upstream_closed,  // the upstream closed the connection before an answer
        // The upstream closed the connection during an answer, or the answer is not valid HTTP.
        upstream_broken,
        upstream_slow,
        client_gone,
        client_broken,  // the request's body is malformed or truncated
        client_slow,
        body_lost,  // the file of the request's body can't be read
    };

    // head: the head of the request to the upstream. Requires: `x` and `upstream` outlive the relay.
    Relay(Exchange& x, UpstreamConnection& upstream, std::string head, const Settings& settings);

    State step();
    // true if step() stopped early to let other coroutines run
    bool wants_turn() const noexcept { return wants_turn_; }
    // After step() has returned `going`, wait for an event until this time.
    net::Moment deadline() const noexcept;
    State expired() const noexcept;  // the result if deadline() has passed without an event

    // After `complete`: true if the upstream connection can serve another request.
    bool reusable() const noexcept;
    bool nothing_sent() const noexcept { return writer_.sent() == 0; }
    // true if body bytes were read, so that the request can't be sent again
    bool body_touched() const noexcept { return body_touched_; }

    const std::string& fields() const noexcept { return fields_; }  // field lines of the answer for the client
    bool any_byte() const noexcept { return any_byte_; }            // true if any byte of an answer was received

    // See Outgoing::has_reply and Outgoing::is_lost.
    bool has_reply() const noexcept { return has_reply_; }
    bool is_lost() const noexcept { return is_lost_; }

    // The file that the edge has to send as the body (X-Accel-Redirect), or empty.
    const std::string& file() const noexcept { return file_; }
    const std::string& file_etag() const noexcept { return etag_; }
    const std::string& file_type() const noexcept { return type_; }
    // the size that the file has to have
    std::optional<std::uint64_t> file_size() const noexcept { return file_size_; }
    bool has_date() const noexcept { return has_date_; }

private:
    enum class Sending : std::uint8_t { message, done, stopped };
    enum class Receiving : std::uint8_t { head, body, compressed_rest, done };

    bool send_some();
    bool send_prefix();
    Exchange::Body poll_body();
    std::string_view body_bytes() const { return spooled_ ? spooled_->bytes() : x_.body_bytes(); }
    void consume_body(std::size_t count);
    bool receive_some();
    bool receive_head();
    bool read_head(std::size_t length);
    bool read_interim(std::size_t length);
    void pass_interim();
    bool is_switch() const;
    void take_final_head();
    void release_request() noexcept;
    void take_file();
    bool has_whole_body() const noexcept { return settings_.body && (settings_.body->whole || is_message()); }
    bool is_message() const noexcept { return settings_.body && settings_.body->is_message; }
    bool relay_body();
    bool relay_bytes(std::size_t count);
    bool compress_bytes(std::size_t count);
    bool send_compressed();
    void took(std::size_t count) noexcept;
    bool wrote(Exchange::Write status) noexcept;
    void send_head();
    bool choose_compression();
    bool refill();
    void end_of_answer();
    bool fail(State state) noexcept;
    net::Moment now() const noexcept { return x_.wakeup().loop().now(); }

    Exchange& x_;
    UpstreamConnection& upstream_;
    const Settings settings_;
    FramedWriter writer_;
    net::Charge head_held_;  // counts the memory of the request's head in writer_
    State state_ = State::going;
    Sending sending_ = Sending::message;
    Receiving receiving_ = Receiving::head;
    bool body_touched_ = false;
    bool any_byte_ = false;
    bool wants_turn_ = false;
    bool filled_ = false;          // true if the last read filled its buffer
    bool write_blocked_ = false;   // true if the upstream accepts no more bytes
    bool client_blocked_ = false;  // true if the client accepts no more bytes
    bool discarding_ = false;      // true if this answer's body is read but not sent to the client
    bool has_reply_ = false;
    bool is_lost_ = false;
    bool head_waits_ = false;                // true while the answer's head waits for the first bytes of its body
    bool message_finished_ = false;          // true if the end of the request's body was written
    net::Moment progress_;                   // time of the upstream's last progress
    net::Moment half_closed_ = net::kNever;  // time at which the client stopped sending; kNever: it has not
    net::Moment answer_by_ = net::kNever;    // deadline of the final answer; the first interim answer sets it
    std::size_t interim_left_;               // remaining bytes for the heads of interim answers

    http::HeadScanner scanner_;
    http::ResponseHead head_;
    http::ChunkedDecoder chunks_;
    std::size_t joined_ = 0;  // body bytes at the start of the upstream's buffer, without chunk framing
    std::uint64_t left_ = 0;
    std::unique_ptr<Gzip> compressor_;  // null if the answer is not compressed
    std::string fields_;
    std::string_view prefix_;               // unsent bytes of settings_.body->bytes
    std::unique_ptr<SpoolReader> spooled_;  // reads settings_.body->file
    std::string file_;
    std::string etag_;
    std::string type_;
    std::optional<std::uint64_t> file_size_;
    bool has_date_ = false;
};

}  // namespace bodega::edge
