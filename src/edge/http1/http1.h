// HTTP/1.1 on one client's connection (RFC 9112). Serves requests one after another, each as an exchange.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "edge/exchange/connection_count.h"
#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/exchange/peer.h"
#include "edge/http1/framed_writer.h"
#include "edge/routing/trust.h"
#include "http/chunked.h"
#include "http/head_scanner.h"
#include "net/buffer.h"
#include "net/ledger.h"
#include "net/task.h"
#include "net/transfer_timeout.h"
#include "net/transport.h"

namespace bodega::edge {

class Http2Connection;

class Http1 final : public Exchange, private Connections::Member {
public:
    Http1(LoopContext& context, std::unique_ptr<net::Transport> transport, Peer peer, Place place);
    ~Http1() override;

    // Serves until the connection has to close. Destroy the object after that.
    net::Task<void> serve();

    // After serve(): true if the client uses HTTP/2. Then call to_http2(), which takes over the connection.
    bool is_http2() const noexcept { return is_http2_; }
    std::unique_ptr<Http2Connection> to_http2();

    // --- Exchange
    std::string_view address() const noexcept override { return client_ ? client_->address : peer_.address; }
    std::string_view scheme() const noexcept override;
    std::string_view asked_host() const noexcept override;
    std::uint16_t redirect_port() const noexcept override { return peer_.redirect_port; }
    net::Wakeup& wakeup() noexcept override { return wakeup_; }
    net::Ledger& ledger() noexcept override { return ledger_; }
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
    net::Moment deadline() const noexcept override;
    bool gone() const noexcept override { return gone_ || transport_->broken(); }
    bool half_closed() const noexcept override { return transport_->peer_closed(); }

private:
    enum class Head : std::uint8_t { none, request, refused, http2, end };

    void cut() noexcept override { wakeup_.cancel(); }
    void end_if_idle() noexcept override;
    void wake_all() noexcept override { wakeup_.notify(); }
    std::size_t held() const noexcept override { return ledger_.held(); }

    // --- serving
    void update_peer_trust();
    void reset();
    Head read_head();
    Head find_head();
    bool begins_http2() const noexcept;
    Head take_head();
    Head refuse(const http::Refusal& refusal);
    Head reject_overload();
    bool receive_head();
    net::Moment before_head_wait();
    bool on_head_wake(net::Wake wake);
    void release_buffers();
    void count_held() noexcept;
    void on_failure(const std::string& what);
    bool end_exchange();
    void end_refusal();
    net::Task<void> flush();
    bool discard_body();
    net::Moment now() const noexcept { return context_.loop.now(); }

    // --- the exchange
    Body body_from_input();
    bool more_input_for_body();
    bool got_body_input(net::IoResult result);
    void ask_to_continue();
    void append_head(const Answer& answer);
    bool discardable() const noexcept;
    bool answer_has_body(int status) const noexcept;
    net::TransferTimeout::Terms transfer_timeout(config::Duration quiet) const noexcept;
    Write written(net::Io status, std::uint64_t body_bytes);

    LoopContext& context_;
    Peer peer_;
    std::unique_ptr<http::ForwardedClient> client_;  // of the current request; nullptr: the peer is not a trusted proxy
    Place place_;
    int reloads_ = 0;  // LoopContext::reloads when client_ was determined
    net::Wakeup wakeup_;
    std::unique_ptr<net::Transport> transport_;
    net::Ledger ledger_;
    net::Charge texts_;  // memory of head_, request_ and output_
    net::Buffer input_;
    FramedWriter output_;

    // --- between requests
    bool idle_ = false;
    bool overloaded_ = false;  // no memory for the request
    bool ending_ = false;      // close when idle
    bool skipped_line_ = false;
    bool fresh_ = true;  // no head has been read yet
    bool is_http2_ = false;
    bool released_ = false;  // idle for so long that its memory was freed
    net::Moment head_deadline_ = net::kNever;

    // --- of the current exchange
    http::HeadScanner scanner_;
    std::string head_;  // request_ points into it
    http::ChunkedDecoder chunks_;
    std::uint64_t body_left_ = 0;     // body bytes still to come, with a Content-Length
    std::size_t body_ready_ = 0;      // body bytes at the front of input_
    net::TransferTimeout receiving_;  // while waiting for the client to send
    net::TransferTimeout sending_;    // while waiting for the client to read
    std::uint64_t answer_left_ = 0;   // body bytes still to send, as the answer's head declared
    std::uint64_t sent_before_ = 0;   // output_.sent() at the last check
    bool body_complete_ = false;
    bool body_filled_ = false;  // the last read filled all the space it had
    bool body_ended_ = false;   // the client closed before the body's end
    bool continue_due_ = false;
    bool begun_ = false;
    bool finished_ = false;
    bool bodiless_ = false;
    bool length_known_ = false;
    bool keep_ = false;  // keep the connection after this exchange
    bool gone_ = false;
    bool switched_ = false;  // to another protocol: only raw bytes follow
    bool refused_ = false;
    bool cut_ = false;  // in the middle of an answer
};

// Serves one accepted connection to its end. The connection frees itself.
void serve_http1(std::unique_ptr<Http1> connection);

}  // namespace bodega::edge
