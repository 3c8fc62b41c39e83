// HTTP/1.1 on one client's connection (RFC 9112): requests one after another, each as an exchange.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/buffer.h"
#include "edge/exchange/connection_count.h"
#include "edge/exchange/exchange.h"
#include "edge/http1/framed_writer.h"
#include "net/ledger.h"
#include "net/transfer_timeout.h"
#include "edge/exchange/peer.h"
#include "net/transport.h"
#include "net/task.h"
#include "edge/routing/trust.h"
#include "edge/exchange/loop_context.h"
#include "http/chunked.h"
#include "http/head_scanner.h"

namespace bodega::edge {

class Http2Connection;

class Http1 final : public Exchange, private Connections::Member {
public:
    Http1(Worker& worker, std::unique_ptr<Stream> stream, Peer peer, Place place);
    ~Http1() override;

    // Serves until the connection is to be closed; then it is destroyed.
    Task<void> serve();

    // After it: the client turned out to speak HTTP/2; its connection goes on there.
    bool met_http2() const noexcept { return met_http2_; }
    std::unique_ptr<Http2Connection> to_http2();

    // --- Exchange
    std::string_view address() const noexcept override { return client_ ? client_->address : peer_.address; }
    std::string_view scheme() const noexcept override;
    std::string_view asked_host() const noexcept override;
    std::uint16_t redirect_port() const noexcept override { return peer_.redirect_port; }
    Waiter& waiter() noexcept override { return waiter_; }
    Ledger& ledger() noexcept override { return ledger_; }
    Body poll_body() override;
    std::string_view body_bytes() const override { return input_.view().substr(0, body_ready_); }
    void consume_body(std::size_t count) override;
    Body read_body(std::span<char> to, std::size_t& got) override;
    void inform(int status, std::string_view fields) override;
    void begin(const Answer& answer) override;
    Write write(std::string_view& data) override;
    Write write_file(int file, off_t& offset, std::uint64_t& count) override;
    void append(std::string_view data) override;
    void finish() override;
    bool can_switch() const noexcept override { return request_.minor >= 1 && !begun_; }
    void switch_protocols(std::string_view fields) override;
    bool begun() const noexcept override { return begun_; }
    void release_head() override;
    Moment deadline() const noexcept override;
    bool gone() const noexcept override { return gone_ || stream_->broken(); }
    bool half_closed() const noexcept override { return stream_->peer_closed(); }

private:
    enum class Head : std::uint8_t { none, request, refused, http2, end };

    void cut() noexcept override { waiter_.cancel(); }
    void end_if_idle() noexcept override;
    void look_around() noexcept override { waiter_.notify(); }
    std::size_t held() const noexcept override { return ledger_.held(); }

    // --- serving
    void look_at_peer();
    void reset();
    Head read_head();
    Head look_for_head();
    bool begins_http2() const noexcept;
    Head take_head();
    Head refuse(const http::Refusal& refusal);
    Head shed();
    bool receive_head();
    Moment before_head_wait();
    bool on_head_wake(Wake wake);
    void become_lean();
    void count_held() noexcept;
    void on_failure(const std::string& what);
    bool end_exchange();
    void end_refusal();
    Task<void> flush();
    bool discard_body();
    Moment now() const noexcept { return worker_.loop.now(); }

    // --- the exchange
    Body body_from_input();
    bool more_input_for_body();
    bool got_body_input(IoResult result);
    void ask_to_continue();
    void append_head(const Answer& answer);
    bool discardable() const noexcept;
    bool answer_has_body(int status) const noexcept;
    Patience::Terms patience(config::Duration quiet) const noexcept;
    Write written(Io status, std::uint64_t body_bytes);

    Worker& worker_;
    Peer peer_;
    std::unique_ptr<http::ForwardedClient> client_;  // of the current request; nullptr: the peer is no trusted proxy
    Place place_;
    int reloads_ = 0;  // of the settings by which client_ is there
    Waiter waiter_;
    std::unique_ptr<Stream> stream_;
    Ledger ledger_;
    Charge texts_;  // what head_, request_ and output_ hold
    Buffer input_;
    FramedWriter output_;

    // between requests
    bool idle_ = false;
    bool overloaded_ = false;  // there is no memory for what it asks
    bool ending_ = false;      // asked to end when idle
    bool skipped_line_ = false;
    bool fresh_ = true;  // no head has been read yet
    bool met_http2_ = false;
    bool lean_ = false;  // it has been idle for so long that its memory was given back
    Moment head_deadline_ = kNever;

    // of the current exchange
    http::HeadScanner scanner_;
    std::string head_;  // what request_ points into
    http::ChunkedDecoder chunks_;
    std::uint64_t body_left_ = 0;    // of a request body with a length
    std::size_t body_ready_ = 0;     // body bytes at the front of input_
    Patience receiving_;             // while the client owes bytes
    Patience sending_;               // while it owes room
    std::uint64_t answer_left_ = 0;  // body bytes that the answer's head promised
    std::uint64_t sent_before_ = 0;  // of output_, when it was last looked at
    bool body_complete_ = false;
    bool body_filled_ = false;  // the last read found as much as it had room for
    bool body_ended_ = false;   // by the client, in the middle
    bool continue_due_ = false;
    bool begun_ = false;
    bool finished_ = false;
    bool bodiless_ = false;
    bool length_known_ = false;
    bool keep_ = false;  // the connection, after this exchange
    bool gone_ = false;
    bool switched_ = false;  // to another protocol: bytes alone
    bool refused_ = false;
    bool cut_ = false;  // in the middle of an answer
};

// Serves one accepted connection to its end; frees itself.
void serve_http1(std::unique_ptr<Http1> connection);

}  // namespace bodega::edge
