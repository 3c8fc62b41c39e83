// HTTP/2 on one client's connection (RFC 9113): reads frames, writes frames, and runs one coroutine for each stream.
//
// nghttp2 implements the protocol. This class limits what a client can cost. All bytes to send are in one buffer. A
// handler writes a stream's body directly into this buffer, as far as the buffer's room and the flow-control windows
// allow. So a blocked stream holds only its handler's memory. The windows limit the received body bytes, and open again
// when handlers consume the bytes.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "edge/exchange/connection_count.h"
#include "edge/exchange/loop_context.h"
#include "edge/exchange/peer.h"
#include "edge/http2/frame_budget.h"
#include "edge/http2/http2_closed_streams.h"
#include "edge/http2/http2_fields.h"
#include "edge/http2/http2_frame_walk.h"
#include "net/buffer.h"
#include "net/ledger.h"
#include "net/task.h"
#include "net/transport.h"

namespace bodega::edge {

class Http2Stream;

class Http2Connection final : private Connections::Member {
public:
    // received: the bytes that were already read from the connection.
    Http2Connection(LoopContext& context, std::unique_ptr<net::Transport> transport, Peer peer, Place place,
                    std::string_view received);
    ~Http2Connection() override;

    // Serves until the connection has to close and every stream has ended. Destroy the object after that.
    net::Task<void> serve();

private:
    friend class Http2Stream;
    struct Callbacks;  // nghttp2's callbacks; see http2_callbacks.cpp

    struct Closer {
        void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
    };

    void cut() noexcept override;
    void end_if_idle() noexcept override;
    void begin_drain() noexcept override;
    void wake_all() noexcept override;
    std::size_t held() const noexcept override { return ledger_.held(); }

    // --- setup for nghttp2; in http2_callbacks.cpp
    void open_session();
    void take_request(bool whole);
    void charge_padding();
    bool has_memory() noexcept;
    int refuse(std::int32_t stream_id) noexcept;

    // --- serving; in http2_connection.cpp
    void send_settings();
    void advertise_stream_limit(std::uint32_t limit);
    bool advance();
    bool receive();
    void read(std::string_view bytes);
    void feed(std::string_view bytes);
    void note_head() noexcept;
    void charge(const Http2Frame& frame);
    void check_frame(const Http2Frame& frame);
    void check_closed_stream(const Http2Frame& frame);
    std::size_t open_streams() const noexcept;
    bool refuse_stream(std::int32_t id);
    void start_arrived();
    net::Moment deadline() const noexcept;
    bool on_deadline();
    void note_idleness();
    void close_notify() noexcept;
    void terminate(std::uint32_t code) noexcept;
    void exceed_memory() noexcept;
    bool is_over() const noexcept;
    net::Task<void> end_streams();
    net::Moment now() const noexcept { return context_.loop.now(); }

    // --- used by streams; in http2_output.cpp
    enum class Push : std::uint8_t { moved, blocked, gone };
    // Makes frames from the bytes that `stream` offers. If the output or the client's flow-control window has no room,
    // the stream is woken when it has.
    Push push(Http2Stream& stream);
    void wait_for_room(Http2Stream& stream);
    void fill();  // fills output_ with frames that can be sent
    void count_output() noexcept;
    bool flush();  // sends output_; returns false if the socket accepts no more bytes or has failed
    std::int64_t room() const noexcept;
    std::int64_t window(const Http2Stream& stream) const noexcept;
    void wake_for_room() noexcept;
    void wake_for_window(std::int32_t stream_id) noexcept;
    void wants_turn() noexcept { wakeup_.notify(); }
    void widen_window(Http2Stream& stream);
    void add(Http2Stream& stream);
    void remove(Http2Stream& stream) noexcept;

    LoopContext& context_;
    const Peer peer_;
    const Place place_;
    net::Wakeup wakeup_;
    net::Wakeup streams_ended_;  // notified when the last stream ends; cut() does not cancel it
    const std::unique_ptr<net::Transport> transport_;
    net::Ledger ledger_;
    net::Charge own_;          // counts the memory of this object and its coroutine
    net::Charge output_held_;  // counts the memory of output_
    std::unique_ptr<nghttp2_session, Closer> session_;
    net::Buffer input_;
    std::string output_;
    std::size_t sent_ = 0;  // bytes of output_ that were sent
    Http2Fields fields_;
    Http2FrameWalk frames_;
    Http2ClosedStreams closed_;
    std::int32_t last_begun_ = 0;  // id of the last stream of the client that has sent a head
    FrameBudget control_frames_;   // limits frames without a request or data
    FrameBudget resets_;           // limits streams that were reset or refused

    std::unique_ptr<Http2Stream> incoming_;  // the stream whose head is being received
    // Streams whose head is complete and whose handler is not started yet.
    std::vector<std::unique_ptr<Http2Stream>> arrived_;
    std::vector<Http2Stream*> streams_;  // streams whose handler was started; each frees itself
    // Streams that wait for room in output_. The one that has waited longest is first.
    std::vector<Http2Stream*> for_room_;

    std::int32_t window_;  // flow-control window for the bodies of all streams, in bytes
    net::Moment settings_deadline_;
    net::Moment head_deadline_ = net::kNever;
    std::uint64_t head_seen_ = 0;  // value of frames_.heads() for the head that head_deadline_ limits
    net::Moment send_deadline_ = net::kNever;
    net::Moment idle_deadline_ = net::kNever;
    net::Moment drain_deadline_ = net::kNever;
    bool unread_ = false;       // true if the last read may have left input unread
    bool draining_ = false;     // true if the first GOAWAY was sent, which announces the drain
    bool closing_ = false;      // true if the final GOAWAY was sent, which names the last stream
    bool terminating_ = false;  // true if a connection error was sent
    bool over_memory_ = false;  // true if the connection holds more than twice its memory limit
    bool gone_ = false;         // true if the client has left
};

// Serves one connection to its end. The connection frees itself.
void serve_http2(std::unique_ptr<Http2Connection> connection);

}  // namespace bodega::edge
