// HTTP/2 on one client's connection (RFC 9113): reads frames, writes frames, and has a coroutine for each stream.
//
// nghttp2 knows the protocol; what a client may cost is bounded here. What is to be sent is in one buffer: a stream's
// body goes into it straight from its handler, as far as windows and room allow, so a stream that can't go on holds
// nothing but what the handler holds. What came in of bodies is bounded by the windows, which open again as handlers
// take the bytes.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/buffer.h"
#include "edge/exchange/connection_count.h"
#include "edge/http2/token_bucket.h"
#include "edge/http2/http2_closed_streams.h"
#include "edge/http2/http2_fields.h"
#include "edge/http2/http2_frame_walk.h"
#include "net/ledger.h"
#include "edge/exchange/peer.h"
#include "net/transport.h"
#include "net/task.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class Http2Stream;

class Http2Connection final : private Connections::Member {
public:
    // `received`: what was read of it already, from its first byte.
    Http2Connection(Worker& worker, std::unique_ptr<Stream> stream, Peer peer, Place place, std::string_view received);
    ~Http2Connection() override;

    // Serves until the connection is to be closed and every stream has ended; then it is destroyed.
    Task<void> serve();

private:
    friend class Http2Stream;
    struct Callbacks;  // nghttp2's; see http2_callbacks.cpp

    struct Closer {
        void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
    };

    void cut() noexcept override;
    void end_if_idle() noexcept override;
    void begin_drain() noexcept override;
    void look_around() noexcept override;
    std::size_t held() const noexcept override { return ledger_.held(); }

    // --- with nghttp2; in http2_callbacks.cpp
    void open_session();
    void take_request(bool whole);
    void charge_padding();
    bool has_memory() noexcept;
    int refuse(std::int32_t stream_id) noexcept;

    // --- serving; in http2_connection.cpp
    void announce();
    void announce_streams(std::uint32_t limit);
    bool go_on();
    bool receive();
    void read(std::string_view bytes);
    void feed(std::string_view bytes);
    void note_head() noexcept;
    void charge(const Http2Frame& frame);
    void judge(const Http2Frame& frame);
    void judge_closed(const Http2Frame& frame);
    std::size_t open_streams() const noexcept;
    bool refuse_stream(std::int32_t id);
    void start_arrived();
    Moment deadline() const noexcept;
    bool on_deadline();
    void note_idleness();
    void say_goodbye() noexcept;
    void doom(std::uint32_t code) noexcept;
    void overdraw() noexcept;
    bool is_over() const noexcept;
    Task<void> end_streams();
    Moment now() const noexcept { return worker_.loop.now(); }

    // --- what streams use; in http2_output.cpp
    enum class Push : std::uint8_t { moved, blocked, gone };
    // Has frames made of what `stream` offers, or notes that it waits for room or for the client's window.
    Push push(Http2Stream& stream);
    void wait_for_room(Http2Stream& stream);
    void fill();  // the output, with the frames that are due
    void count_output() noexcept;
    bool flush();  // false: the socket has no room, or is broken
    std::int64_t room() const noexcept;
    std::int64_t window(const Http2Stream& stream) const noexcept;
    void wake_for_room() noexcept;
    void wake_for_window(std::int32_t stream_id) noexcept;
    void wants_turn() noexcept { waiter_.notify(); }
    void widen(Http2Stream& stream);
    void add(Http2Stream& stream);
    void remove(Http2Stream& stream) noexcept;

    Worker& worker_;
    const Peer peer_;
    const Place place_;
    Waiter waiter_;
    Waiter streams_waiter_;  // for the last stream's end: this one is not cancelled
    const std::unique_ptr<Stream> stream_;
    Ledger ledger_;
    Charge own_;          // for this object and its coroutine
    Charge output_held_;  // for output_
    std::unique_ptr<nghttp2_session, Closer> session_;
    Buffer input_;
    std::string output_;
    std::size_t sent_ = 0;  // of output_
    Http2Fields fields_;
    Http2FrameWalk frames_;
    Http2ClosedStreams closed_;
    std::int32_t last_begun_ = 0;  // the client's last stream that had a head
    Allowance glitches_;           // frames that ask for nothing
    Allowance resets_;             // streams that were begun for nothing

    std::unique_ptr<Http2Stream> incoming_;              // its head is not whole
    std::vector<std::unique_ptr<Http2Stream>> arrived_;  // to be started
    std::vector<Http2Stream*> streams_;                  // started; each frees itself
    std::vector<Http2Stream*> for_room_;                 // of these, who waits for room in the output, in order

    std::int32_t window_;  // of the connection's bodies
    Moment settings_deadline_;
    Moment head_deadline_ = kNever;
    std::uint64_t head_seen_ = 0;  // that head_deadline_ is for
    Moment send_deadline_ = kNever;
    Moment idle_deadline_ = kNever;
    Moment drain_deadline_ = kNever;
    bool unread_ = false;     // the last read was not for want of bytes
    bool draining_ = false;   // the client was told to open no more streams soon
    bool closing_ = false;    // and now which was its last
    bool doomed_ = false;     // an error of the connection was said
    bool overdrawn_ = false;  // it holds more than it could have been refused
    bool gone_ = false;       // nobody reads or writes at the other end
};

// Serves one connection to its end; frees itself.
void serve_http2(std::unique_ptr<Http2Connection> connection);

}  // namespace bodega::edge
