// One request on one upstream connection: sends its body and receives the answer at the same time.
//
// step() does everything that is possible without waiting. Bytes that one side does not take stay in the other side's
// buffer, which is then not read: backpressure end to end, with one buffer each way.
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
        std::size_t buffer = 64 << 10;       // bytes of the answer held
        std::size_t max_head = 64 << 10;     // bytes of the answer's head
        net::Moment timeout = 60000;         // ms without receiving from, or being able to send to, the upstream
        bool trusts_files = false;           // follow X-Accel-Redirect: only for the app
        std::string_view upgrade;            // protocols that a 101 may switch to; empty: none
        const HeaderRules* rules = nullptr;  // the route's, for the answer; null: none
        std::uint64_t compress_above = 0;    // bytes; longer texts are compressed. 0: never
        const Outgoing* body = nullptr;      // replaces the exchange's body; null: use that
        net::FilePool* files = nullptr;      // reads that body's file. Requires: not null if it has one
    };

    enum class State : std::uint8_t {
        going,
        complete,         // the answer is with the client's exchange, or is a file to send
        switched,         // 101: send fields() to the client; what follows is not HTTP
        upstream_closed,  // before the first byte of an answer
        upstream_broken,  // later, or its answer is not valid HTTP
        upstream_slow,
        client_gone,
        client_broken,  // its body is malformed or truncated
        client_slow,
        body_lost,  // its spooled file can't be read
    };

    // `x` and `upstream` outlive the relay. `head` is the request's, as sent to the upstream.
    Relay(Exchange& x, UpstreamConnection& upstream, std::string head, const Settings& settings);

    State step();
    bool wants_turn() const noexcept { return wants_turn_; }  // step() stopped early to let other coroutines run
    net::Moment deadline() const noexcept;                    // of the wait after step() returned going
    State expired() const noexcept;                           // the state after a wait ended by its deadline

    bool reusable() const noexcept;  // the upstream connection, after complete
    bool nothing_sent() const noexcept { return writer_.sent() == 0; }
    bool body_touched() const noexcept { return body_touched_; }  // body bytes were read, so it can't be resent

    const std::string& fields() const noexcept { return fields_; }  // lines of the answer that pass to the client
    bool any_byte() const noexcept { return any_byte_; }            // of the answer was received

    // The app's control message to the edge (base/body_order.h) instead of an answer to the client; empty: none.
    const std::string& control() const noexcept { return control_; }
    bool is_lost() const noexcept { return is_lost_; }  // the report must be sent once more (Outgoing)

    // A file that the app wants sent as the body (X-Accel-Redirect); empty: none.
    const std::string& file() const noexcept { return file_; }
    const std::string& file_etag() const noexcept { return etag_; }
    const std::string& file_type() const noexcept { return type_; }
    std::optional<std::uint64_t> file_size() const noexcept { return file_size_; }  // the size that the file must have
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
    bool has_whole_body() const noexcept { return settings_.body && (settings_.body->whole || is_report()); }
    bool is_report() const noexcept { return settings_.body && !settings_.body->report.empty(); }
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
    net::Charge head_held_;  // what writer_ keeps of the request's head
    State state_ = State::going;
    Sending sending_ = Sending::message;
    Receiving receiving_ = Receiving::head;
    bool body_touched_ = false;
    bool any_byte_ = false;
    bool wants_turn_ = false;
    bool filled_ = false;          // the last read filled all the space it had
    bool write_blocked_ = false;   // the upstream has no room
    bool client_blocked_ = false;  // the client has no room
    bool discarding_ = false;      // dropping the body that precedes a file
    bool is_lost_ = false;
    bool head_waits_ = false;                // the answer's head waits for the first bytes of its body
    bool message_finished_ = false;          // the request's framing is written
    net::Moment progress_;                   // when the upstream last made progress
    net::Moment half_closed_ = net::kNever;  // when the client was first seen to send no more
    net::Moment answer_by_ = net::kNever;    // deadline of the final answer, set by the first interim answer
    std::size_t interim_left_;               // bytes that interim answers may still take

    http::HeadScanner scanner_;
    http::ResponseHead head_;
    http::ChunkedDecoder chunks_;
    std::size_t joined_ = 0;  // bytes of chunk data at the front of the upstream's buffer
    std::uint64_t left_ = 0;
    std::unique_ptr<Gzip> compressor_;  // for an answer that is sent compressed
    std::string fields_;
    std::string_view prefix_;               // the unsent rest of settings_.body's bytes
    std::unique_ptr<SpoolReader> spooled_;  // reads settings_.body's file
    std::string control_;
    std::string file_;
    std::string etag_;
    std::string type_;
    std::optional<std::uint64_t> file_size_;
    bool has_date_ = false;
};

}  // namespace bodega::edge
