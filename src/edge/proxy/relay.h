// One request on one upstream connection: its body one way and the answer the other, at the same time.
//
// step() does all that can be done without waiting. Bytes that one side does not take stay in the other side's
// buffer, which then is not read: backpressure end to end, one buffer each way.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/proxy/forward_head.h"
#include "edge/http1/framed_writer.h"
#include "edge/proxy/gzip.h"
#include "edge/routing/header_rules.h"
#include "net/ledger.h"
#include "edge/proxy/spool_reader.h"
#include "edge/proxy/upstream.h"
#include "http/chunked.h"
#include "http/head_scanner.h"
#include "http/message.h"

namespace bodega::edge {

class Relay {
public:
    struct Settings {
        std::size_t buffer = 64 << 10;       // bytes of the answer held
        std::size_t max_head = 64 << 10;     // of the answer
        Moment timeout = 60000;              // ms without a byte from, or room at, the upstream
        bool trusts_files = false;           // X-Accel-Redirect is for us to follow: the app's alone
        std::string_view upgrade;            // protocols that a 101 was asked for; empty: none
        const HeaderRules* rules = nullptr;  // the route's, for the answer
        std::uint64_t compress_above = 0;    // bytes of a text; 0: nothing is compressed
        const Outgoing* body = nullptr;      // instead of the exchange's; null: that
        FilePool* files = nullptr;           // reads that body's file; Requires: not null if it has one
    };

    enum class State : std::uint8_t {
        going,
        complete,         // the answer is with the client's exchange, or is a file to send
        switched,         // 101: fields() are to go to the client, and what follows is no HTTP
        upstream_closed,  // before the first byte of an answer
        upstream_broken,  // later, or what it said is not HTTP
        upstream_slow,
        client_gone,
        client_broken,  // its body is none, or not whole
        client_slow,
        body_lost,  // what was kept of it can't be read
    };

    // Both outlive the relay. `head`: the request's, as the upstream gets it.
    Relay(Exchange& x, UpstreamConnection& upstream, std::string head, const Settings& settings);

    State step();
    bool wants_turn() const noexcept { return wants_turn_; }  // step() could have gone on: let others run first
    Moment deadline() const noexcept;                         // of the wait after step() said going
    State expired() const noexcept;                           // what a wait that ended by its deadline means

    bool reusable() const noexcept;  // the upstream connection, after complete
    bool nothing_sent() const noexcept { return writer_.sent() == 0; }
    bool body_touched() const noexcept { return body_touched_; }  // so it can't be sent again

    const std::string& fields() const noexcept { return fields_; }  // of the answer that passes to the client
    bool any_byte() const noexcept { return any_byte_; }            // of the answer came

    // What the app says to the edge (base/body_order.h) instead of an answer to the client; empty: nothing.
    const std::string& word() const noexcept { return word_; }
    bool is_lost() const noexcept { return is_lost_; }  // a report that is to be sent once more (Outgoing)

    // A file that the app wants sent instead of a body (X-Accel-Redirect); empty: none.
    const std::string& file() const noexcept { return file_; }
    const std::string& file_etag() const noexcept { return etag_; }
    const std::string& file_type() const noexcept { return type_; }
    std::optional<std::uint64_t> file_size() const noexcept { return file_size_; }  // that it has to have
    bool has_date() const noexcept { return has_date_; }

private:
    enum class Sending : std::uint8_t { message, done, stopped };
    enum class Receiving : std::uint8_t { head, body, packed_rest, done };

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
    bool sends_alone() const noexcept { return settings_.body && (settings_.body->whole || reports()); }
    bool reports() const noexcept { return settings_.body && !settings_.body->report.empty(); }
    bool relay_body();
    bool relay_bytes(std::size_t count);
    bool pack_bytes(std::size_t count);
    bool send_packed();
    void took(std::size_t count) noexcept;
    bool wrote(Exchange::Write status) noexcept;
    void send_head();
    bool is_packed();
    bool refill();
    void end_of_answer();
    bool fail(State state) noexcept;
    Moment now() const noexcept { return x_.waiter().loop().now(); }

    Exchange& x_;
    UpstreamConnection& upstream_;
    const Settings settings_;
    FramedWriter writer_;
    Charge head_held_;  // what writer_ keeps of the request's head
    State state_ = State::going;
    Sending sending_ = Sending::message;
    Receiving receiving_ = Receiving::head;
    bool body_touched_ = false;
    bool any_byte_ = false;
    bool wants_turn_ = false;
    bool filled_ = false;          // the last read found as much as it had room for
    bool write_blocked_ = false;   // the upstream has no room
    bool client_blocked_ = false;  // the client has none
    bool discarding_ = false;      // the body before a file
    bool is_lost_ = false;
    bool head_waits_ = false;        // the answer's, for the first bytes of its body
    bool message_finished_ = false;  // the request's framing is written
    Moment progress_;                // of the upstream
    Moment half_closed_ = kNever;    // when the client was first seen to send no more
    Moment answer_by_ = kNever;      // from the first interim answer on
    std::size_t interim_left_;       // bytes that interim answers may still have

    http::HeadScanner scanner_;
    http::ResponseHead head_;
    http::ChunkedDecoder chunks_;
    std::size_t joined_ = 0;  // bytes of chunks' data at the front of the upstream's buffer
    std::uint64_t left_ = 0;
    std::unique_ptr<Gzip> packer_;  // of an answer that goes out compressed
    std::string fields_;
    std::string_view prefix_;               // of settings_.body, what is not sent
    std::unique_ptr<SpoolReader> spooled_;  // of settings_.body
    std::string word_;
    std::string file_;
    std::string etag_;
    std::string type_;
    std::optional<std::uint64_t> file_size_;
    bool has_date_ = false;
};

}  // namespace bodega::edge
