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
    std::string_view body_bytes() const override { return input_.view().substr(0, current_.body_ready); }
    void consume_body(std::size_t count) override;
    Body read_body(std::span<char> to, std::size_t& got) override;
    void inform(int status, std::string_view fields) override;
    void begin(const Answer& answer) override;
    Write write(std::string_view& data) override;
    Write write_file(int file, off_t& offset, std::uint64_t& count) override;
    void append(std::string_view data) override;
    void finish() override;
    bool can_switch() const noexcept override { return request_.minor >= 1 && !current_.begun; }
    void switch_protocols(std::string_view fields) override;
    bool begun() const noexcept override { return current_.begun; }
    void release_head() override;
    net::Moment deadline() const noexcept override;
    bool gone() const noexcept override { return gone_ || transport_->broken(); }
    bool half_closed() const noexcept override { return transport_->peer_closed(); }

private:
    enum class Head : std::uint8_t { none, request, refused, http2, end };

    // The state of one request, from the wait for its first byte to the last byte of its answer. The next request
    // replaces the whole object.
    struct Request {
        // --- its head
        std::string head = {};  // the head's text, to which request_ refers
        http::HeadScanner scanner = {};
        net::Moment head_deadline = net::kNever;
        bool idle = false;          // true until the first byte of the head has arrived
        bool released = false;      // true if the memory was freed after a long idle time
        bool skipped_line = false;  // true after an empty line before the request line
        bool overloaded = false;    // true if there is no memory for the request
        bool refused = false;

        // --- its body
        http::ChunkedDecoder chunks = {};
        std::uint64_t body_left = 0;          // remaining bytes of a body with a Content-Length
        std::size_t body_ready = 0;           // body bytes at the start of input_
        net::TransferTimeout receiving = {};  // limits a wait for the client to send
        bool body_complete = false;
        // True if the last read filled its buffer, so that the next read gets a larger buffer.
        bool body_filled = false;
        bool body_ended = false;  // true if the client closed the connection before the body's end
        bool continue_due = false;

        // --- its answer
        std::uint64_t answer_left = 0;  // bytes of the body that are still to be sent, as declared in the answer's head
        net::TransferTimeout sending = {};  // limits a wait for the client to read
        bool begun = false;
        bool finished = false;
        bool bodiless = false;
        bool keep = false;      // true if the connection is kept after this exchange
        bool switched = false;  // true after a switch to another protocol: only raw bytes follow
        bool cut = false;       // true if the connection ends in the middle of an answer

        // True if the client may still be sending when the answer is complete.
        bool lingers() const noexcept { return refused || (begun && !cut && !body_complete); }
    };

    void cut() noexcept override { wakeup_.cancel(); }
    void end_if_idle() noexcept override;
    void wake_all() noexcept override { wakeup_.notify(); }
    std::size_t held() const noexcept override { return ledger_.held(); }

    // --- serving
    void update_peer_trust();
    http::ForwardedClient proxy() const;
    void begin_request();
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
    // The client of the current request, or nullptr if the peer is not a trusted proxy. Replaced with each request.
    std::unique_ptr<http::ForwardedClient> client_;
    Place place_;
    int reloads_ = 0;  // value of LoopContext::reloads when the peer's trust was last checked
    net::Wakeup wakeup_;
    std::unique_ptr<net::Transport> transport_;
    net::Ledger ledger_;
    net::Charge texts_;  // counts the memory of the request's head and fields, and of output_, in the loop's total
    net::Buffer input_;
    FramedWriter output_;

    bool ending_ = false;  // true if the connection, which is idle, has to close
    bool fresh_ = true;    // true until the first head of the connection was read
    bool is_http2_ = false;
    bool gone_ = false;              // true if the client has left
    std::uint64_t sent_before_ = 0;  // value of output_.sent() after the last write, to measure the client's progress
    Request current_;
};

// Serves one accepted connection to its end. The connection frees itself.
void serve_http1(std::unique_ptr<Http1> connection);

}  // namespace bodega::edge
