// One request and its answer on an HTTP/2 connection. Implements Exchange.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edge/exchange/exchange.h"
#include "edge/http2/http2_connection.h"
#include "edge/http2/http2_head.h"
#include "edge/routing/trust.h"
#include "net/buffer.h"
#include "net/transfer_timeout.h"

namespace bodega::edge {

class Http2Stream final : public Exchange {
public:
    // Requires: the connection outlives the Http2Stream.
    Http2Stream(Http2Connection& connection, std::int32_t id);
    ~Http2Stream() override;
    Http2Stream(const Http2Stream&) = delete;
    Http2Stream& operator=(const Http2Stream&) = delete;

    // Answers the request. Starts when the request's head is complete, and runs until the stream ends.
    net::Task<void> serve();

    // --- Exchange
    std::string_view address() const noexcept override { return client_ ? client_->address : peer().address; }
    std::string_view scheme() const noexcept override;
    std::string_view asked_host() const noexcept override;
    std::uint16_t redirect_port() const noexcept override { return peer().redirect_port; }
    net::Wakeup& wakeup() noexcept override { return wakeup_; }
    net::Ledger& ledger() noexcept override { return connection_.ledger_; }
    Body poll_body() override;
    std::string_view body_bytes() const override { return body_.view(); }
    void consume_body(std::size_t count) override;
    void inform(int status, std::string_view fields) override;
    void begin(const Answer& answer) override;
    Write write(std::string_view& data) override;
    Write write_file(int file, off_t& offset, std::uint64_t& count) override;
    void append(std::string_view data) override;
    void finish() override;
    bool begun() const noexcept override { return begun_; }
    void release_head() override;
    net::Moment deadline() const noexcept override;
    bool gone() const noexcept override { return gone_; }
    // A client that has sent END_STREAM still reads the answer.
    bool half_closed() const noexcept override { return false; }

private:
    friend class Http2Connection;

    // --- called by the connection in nghttp2's callbacks
    void on_field(std::string_view name, std::string_view value);
    void on_head(Http2Head::Ends ends);
    void on_body(std::string_view bytes);
    void on_body_end() noexcept;
    void on_closed() noexcept;
    // Called when the client has reset the stream or left. Wakes the handler, which then sees gone().
    void on_lost() noexcept;
    void cut() noexcept;  // called when the server ends the stream; cancels every wait
    static ssize_t next_frame(nghttp2_session* session, std::int32_t id, std::uint8_t* bytes, std::size_t max,
                              std::uint32_t* flags, nghttp2_data_source* source, void* user) noexcept;
    // Appends one DATA frame to `out`. Returns false if the file is shorter than expected.
    bool append_frame(const std::uint8_t* header, std::size_t length, std::string& out);

    // --- serving
    void ask_to_continue();
    void drop_body(std::size_t rest);
    void count_held() noexcept;
    Write push();
    bool pending() const noexcept;
    Write waits_for_client() noexcept;
    void note_progress() noexcept;
    net::TransferTimeout::Terms transfer_timeout(config::Duration quiet) const noexcept;
    std::size_t small_left() const noexcept { return small_.size() - small_sent_; }
    bool ends_with(std::size_t count) const noexcept;
    bool append_file(std::size_t length, std::string& out);
    net::Task<void> answer();
    net::Task<void> flush();
    void end();
    void reset(std::uint32_t code) noexcept;
    const Peer& peer() const noexcept { return connection_.peer_; }
    LoopContext& context() const noexcept { return connection_.context_; }
    net::Moment now() const noexcept { return connection_.now(); }

    // What the handler offers in a write: text, or a part of a file.
    struct Offer {
        std::string_view text;
        int file = -1;
        off_t offset = 0;
        std::uint64_t count = 0;  // remaining bytes of the text or the file
    };

    Http2Connection& connection_;
    const std::int32_t id_;
    std::size_t place_ = 0;  // index of this stream in the connection's streams_
    net::Wakeup wakeup_;
    std::unique_ptr<http::ForwardedClient> client_;  // null if the peer is not a trusted proxy
    Http2Head head_;
    net::Charge own_;  // counts the memory of this object, its coroutines, head_ and small_
    net::Buffer body_;
    std::string small_;  // bytes from append() that are not in frames yet
    std::size_t small_sent_ = 0;
    Offer offer_;
    std::int32_t window_;              // flow-control window for the request's body, in bytes
    std::uint64_t since_widened_ = 0;  // body bytes that were consumed since the window was widened
    std::uint64_t answer_left_ = 0;    // bytes of the body that are still to be sent, as declared in the answer's head
    std::uint64_t framed_ = 0;         // body bytes of the answer that are in frames
    std::uint64_t framed_before_ = 0;  // value of framed_ when the stream last blocked
    net::TransferTimeout receiving_;   // limits a wait for the client to send
    net::TransferTimeout sending_;     // limits a wait for the client to read
    std::optional<http::Refusal> refusal_;  // the reason why the head was rejected
    bool started_ = false;
    bool waits_for_room_ = false;
    bool body_complete_ = false;
    bool closed_ = false;  // true if nghttp2 has closed the stream
    bool continue_due_ = false;
    bool begun_ = false;
    bool bodiless_ = false;
    bool length_known_ = false;
    bool finished_ = false;
    bool ended_ = false;  // true if END_STREAM is in the output
    bool gone_ = false;
};

}  // namespace bodega::edge
