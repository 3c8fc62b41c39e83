#include "edge/http2/http2_connection.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "edge/http2/http2_stream.h"
#include "net/linger.h"

namespace bodega::edge {
namespace {

constexpr int kReadsATurn = 4;
constexpr std::size_t kCoroutine = 1 << 10;  // estimated bytes of the coroutine frame of serve()
// In ms. The client has this time to notice the end of the connection before the socket is closed.
constexpr net::Moment kLingerLimit = 5000;
constexpr net::Moment kLastStreams = 1000;  // ms after the start of a drain in which new requests are still accepted

// Limits frames that carry no request and no data: kControlFrameBurst at first, then a few per second. Each request and
// each frame of an answer allows more, since clients react with window updates and priorities.
constexpr std::int64_t kControlFrameBurst = 500;
constexpr std::int64_t kControlFramesPerSecond = 50;
constexpr std::int64_t kSettingsCost = 10;  // cost of a SETTINGS frame, which may change the window of every stream

constexpr std::uint32_t kNoLimit = 0x7fffffff;

// Limits streams that either side resets. A browser resets all its requests when the user leaves a page, which may
// happen a few times in a row.
constexpr std::int64_t kResetsASecond = 20;

std::int64_t resets(const config::Edge& settings) noexcept { return 2 * std::int64_t{settings.http2_streams}; }

// Returns the limit on a connection's memory. One head of the maximum size always fits, although it is held twice:
// decoded, and as HTTP/1.1 text.
std::size_t memory_limit(const config::Edge& settings) noexcept {
    return static_cast<std::size_t>(std::max(settings.http2_memory, 8 * settings.max_head));
}

std::int32_t stream_window(const config::Edge& settings) noexcept {
    return static_cast<std::int32_t>(std::min(settings.buffer, settings.http2_window));
}

net::Detached serve_detached(std::unique_ptr<Http2Connection> connection) {
    try {
        co_await connection->serve();
    } catch (const std::exception& e) {
        base::log::error("edge", "an HTTP/2 connection failed", {{"error", e.what()}});
    }
}

net::Detached run(std::unique_ptr<Http2Stream> stream) {
    try {
        co_await stream->serve();
    } catch (const std::exception& e) {
        base::log::error("edge", "an HTTP/2 stream failed", {{"error", e.what()}});
    }
}

}  // namespace

void serve_http2(std::unique_ptr<Http2Connection> connection) { serve_detached(std::move(connection)); }

Http2Connection::Http2Connection(LoopContext& context, std::unique_ptr<net::Transport> transport, Peer peer,
                                 Place place, std::string_view received)
    : context_(context),
      peer_(std::move(peer)),
      place_(std::move(place)),
      wakeup_(context.loop),
      streams_ended_(context.loop),
      transport_(std::move(transport)),
      ledger_(context.buffer_pool, memory_limit(context.options.settings)),
      own_(ledger_),
      output_held_(ledger_),
      input_(context.buffer_pool, ledger_),
      control_frames_(kControlFrameBurst, kControlFramesPerSecond),
      resets_(resets(context.options.settings), kResetsASecond),
      window_(NGHTTP2_INITIAL_CONNECTION_WINDOW_SIZE),
      settings_deadline_(context.loop.now() + context.options.settings.head_timeout.count()) {
    transport_->notify_to(&wakeup_);
    own_.set(sizeof *this + kCoroutine);
    context_.connections.add(*this);
    open_session();
    send_settings();
    if (context_.draining) begin_drain();
    read(received);
}

Http2Connection::~Http2Connection() { context_.connections.remove(*this); }

// Sends the server's SETTINGS and widens the connection's window.
void Http2Connection::send_settings() {
    const config::Edge& settings = context_.options.settings;
    std::int32_t of_stream = stream_window(settings);
    const std::array<nghttp2_settings_entry, 4> entries = {{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kNoLimit},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(of_stream)},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(settings.max_head)},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, entries.data(), entries.size());
    advertise_stream_limit(static_cast<std::uint32_t>(settings.http2_streams));
    // The connection's window is larger than a stream's, so that one stream whose body is not read does not block the
    // others.
    window_ = static_cast<std::int32_t>(
        std::max<std::int64_t>(window_, std::min<std::int64_t>(settings.http2_window, 4 * std::int64_t{of_stream})));
    nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, window_);
}

// Writes the stream limit into the first setting of the first frame, without telling nghttp2. nghttp2 would end the
// connection if a stream exceeded the limit, but RFC 9113 section 5.1.2 requires that only the stream is refused.
// refuse_stream() does that.
void Http2Connection::advertise_stream_limit(std::uint32_t limit) {
    constexpr std::size_t kFrameHeader = 9, kSettingName = 2;
    fill();
    for (std::size_t i = 0; i < sizeof limit; ++i)
        output_.at(kFrameHeader + kSettingName + i) = static_cast<char>(limit >> (8 * (sizeof limit - 1 - i)));
}

net::Task<void> Http2Connection::serve() {
    while (advance()) {
        bool hurry = unread_ || (!for_room_.empty() && room() > 0);
        net::Wakeup::Wait pause = hurry ? wakeup_.next_turn() : wakeup_.wait(deadline());
        net::Wake wake = co_await pause;
        if (wake == net::Wake::cancelled || (wake == net::Wake::deadline && !on_deadline())) break;
    }
    if (terminating_) context_.counters.bad_requests.add();
    co_await end_streams();
    if (!gone_ && !over_memory_ && !wakeup_.cancelled()) {
        input_.release();
        co_await net::linger(*transport_, context_.buffer_pool, wakeup_, kLingerLimit);
    }
}

// Reads, processes and sends as much as possible without waiting. Returns false if the connection is over.
bool Http2Connection::advance() {
    if (!receive()) return false;
    start_arrived();
    for (fill(); !output_.empty() && flush(); fill()) continue;
    if (is_over() || over_memory_) return false;
    wake_for_room();
    note_idleness();
    input_.park();
    return true;
}

// Reads what has arrived, up to kReadsATurn times. Returns false if the client has left.
bool Http2Connection::receive() {
    unread_ = false;
    for (int i = 0; i < kReadsATurn && !terminating_ && !over_memory_; ++i) {
        net::IoResult result = transport_->receive(input_, net::BufferPool::kSize);
        if (result.status == net::Io::ended || result.status == net::Io::failed) gone_ = true;
        unread_ = result.status == net::Io::done;
        if (!unread_) break;
        read(input_.view());
        input_.consume(input_.size());
    }
    unread_ = unread_ && !terminating_;
    return !gone_;
}

void Http2Connection::read(std::string_view bytes) {
    std::string_view rest = bytes;
    while (!terminating_ && !gone_ && frames_.next(rest)) {
        // Give the frames before this one to nghttp2 first, because the check of a frame depends on the state after
        // them.
        const std::size_t end = bytes.size() - rest.size(), taken = std::min(frames_.taken(), end);
        feed(bytes.substr(0, end - taken));
        bytes.remove_prefix(end - taken);
        charge(frames_.frame());
        check_frame(frames_.frame());
    }
    note_head();
    feed(bytes);
}

void Http2Connection::feed(std::string_view bytes) {
    if (terminating_ || gone_ || bytes.empty()) return;
    auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    ssize_t taken = nghttp2_session_mem_recv(session_.get(), data, bytes.size());
    // The client uses another protocol, so it would not understand an error frame.
    if (taken == NGHTTP2_ERR_BAD_CLIENT_MAGIC) gone_ = true;
    else if (taken == NGHTTP2_ERR_FLOODED) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    else if (taken < 0) terminate(NGHTTP2_INTERNAL_ERROR);
    if (ledger_.held() > 2 * ledger_.max()) exceed_memory();
}

void Http2Connection::charge(const Http2Frame& frame) {
    bool fine = true;
    switch (frame.type) {
        case Http2Frame::data:
            if (frame.length == 0 && !(frame.flags & Http2Frame::kEndStream)) fine = control_frames_.take(1, now());
            break;
        case Http2Frame::rst_stream: fine = resets_.take(1, now()); break;
        case Http2Frame::settings:
            if (!(frame.flags & Http2Frame::kAck)) fine = control_frames_.take(kSettingsCost, now());
            break;
        default: fine = control_frames_.take(1, now());
    }
    if (!fine) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
}

// Checks what nghttp2 ignores: priorities, and frames on streams that nghttp2 has forgotten.
void Http2Connection::check_frame(const Http2Frame& frame) {
    const bool is_priority = frame.type == Http2Frame::priority;
    const bool wrong = frame.stream == 0 ? is_priority : frame.depends_on == frame.stream;
    if (wrong) return terminate(NGHTTP2_PROTOCOL_ERROR);
    const auto stream = static_cast<std::int32_t>(frame.stream);
    const bool is_head = frame.type == Http2Frame::headers;
    if ((!is_head && frame.type != Http2Frame::data) || stream % 2 == 0) return;
    if (stream <= last_begun_) return check_closed_stream(frame);
    if (is_head) last_begun_ = stream;
}

// Checks a frame on a stream that nghttp2 does not know (RFC 9113 sections 5.1 and 5.1.1).
void Http2Connection::check_closed_stream(const Http2Frame& frame) {
    using How = Http2ClosedStreams::How;
    const auto stream = static_cast<std::int32_t>(frame.stream);
    if (nghttp2_session_find_stream(session_.get(), stream)) return;
    switch (closed_.how_of(stream)) {
        case How::ended: return terminate(NGHTTP2_STREAM_CLOSED);
        case How::reset_by_client:
            nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_STREAM_CLOSED);
            return;
        case How::reset_by_server: return;  // the client may have sent the frame before it received the reset
        case How::unknown: break;
    }
    // Two cases are no error: nghttp2 opens no new streams after a GOAWAY, and the stream may have closed too long ago
    // to have a record. Otherwise the client has never opened this stream.
    if (draining_ || closing_ || closed_.has_forgotten()) return;
    terminate(frame.type == Http2Frame::headers ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_STREAM_CLOSED);
}

std::size_t Http2Connection::open_streams() const noexcept {
    auto is_open = [](const auto& stream) { return !stream->closed_; };
    return static_cast<std::size_t>(std::count_if(streams_.begin(), streams_.end(), is_open) +
                                    std::count_if(arrived_.begin(), arrived_.end(), is_open));
}

// Refuses a new stream if the client has too many, and returns true. Otherwise returns false.
bool Http2Connection::refuse_stream(std::int32_t id) {
    const auto max = static_cast<std::size_t>(context_.options.settings.http2_streams);
    // Also counts the handlers that are still running for streams that the client has reset.
    if (open_streams() < max && streams_.size() + arrived_.size() < 2 * max) return false;
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    if (!resets_.take(1, now())) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    return true;
}

void Http2Connection::note_head() noexcept {
    if (!frames_.in_head()) {
        head_deadline_ = net::kNever;
    } else if (head_deadline_ == net::kNever || head_seen_ != frames_.heads()) {
        head_deadline_ = now() + context_.options.settings.head_timeout.count();
        head_seen_ = frames_.heads();
    }
}

void Http2Connection::start_arrived() {
    for (std::unique_ptr<Http2Stream>& stream : arrived_) {
        add(*stream);
        run(std::move(stream));
    }
    arrived_.clear();
}

// --- the end of the connection

void Http2Connection::cut() noexcept {
    wakeup_.cancel();
    for (Http2Stream* stream : streams_) stream->cut();
}

// Sends a connection error, once. The connection ends when the error has been sent.
void Http2Connection::terminate(std::uint32_t code) noexcept {
    if (terminating_) return;
    terminating_ = true;
    nghttp2_session_terminate_session(session_.get(), code);
}

// Ends the connection at once. The client makes it hold too much memory although its streams were refused.
void Http2Connection::exceed_memory() noexcept {
    over_memory_ = true;
    context_.counters.cut_for_memory.add();
    terminate(NGHTTP2_ENHANCE_YOUR_CALM);
}

bool Http2Connection::is_over() const noexcept {
    if (gone_) return true;
    if (!output_.empty()) return false;
    if (terminating_) return true;
    if (!streams_.empty()) return false;
    return closing_ || (!nghttp2_session_want_read(session_.get()) && !nghttp2_session_want_write(session_.get()));
}

void Http2Connection::note_idleness() {
    bool idle = streams_.empty() && !incoming_;
    if (idle && output_.empty() && output_held_.bytes() > 0) {
        std::string().swap(output_);
        count_output();
    }
    if (idle == (idle_deadline_ != net::kNever)) return;
    if (!idle) {
        idle_deadline_ = net::kNever;
        return context_.connections.mark_busy(*this);
    }
    idle_deadline_ = now() + context_.options.settings.idle_timeout.count();
    context_.connections.mark_idle(*this);
}

void Http2Connection::end_if_idle() noexcept {
    if (streams_.empty() && arrived_.empty()) close_notify();
}

// Sends the first of two GOAWAY frames. The second follows after kLastStreams, so that requests that are already on
// their way are not lost (RFC 9113 section 6.8).
void Http2Connection::begin_drain() noexcept {
    if (draining_) return;
    draining_ = true;
    drain_deadline_ = now() + kLastStreams;
    nghttp2_submit_shutdown_notice(session_.get());
    wakeup_.notify();
}

void Http2Connection::wake_all() noexcept {
    for (Http2Stream* stream : streams_) stream->wakeup().notify();
}

void Http2Connection::close_notify() noexcept {
    drain_deadline_ = net::kNever;
    if (closing_) return;
    closing_ = true;
    std::int32_t last = nghttp2_session_get_last_proc_stream_id(session_.get());
    nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0);
    wakeup_.notify();
}

net::Moment Http2Connection::deadline() const noexcept {
    return std::min({settings_deadline_, head_deadline_, send_deadline_, idle_deadline_, drain_deadline_});
}

// Called when a deadline has passed. Returns false if the connection ends at once.
bool Http2Connection::on_deadline() {
    if (send_deadline_ <= now()) {
        gone_ = true;
        return false;
    }
    if (settings_deadline_ <= now()) terminate(NGHTTP2_SETTINGS_TIMEOUT);
    if (head_deadline_ <= now()) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
    if (idle_deadline_ <= now() || drain_deadline_ <= now()) close_notify();
    return true;
}

net::Task<void> Http2Connection::end_streams() {
    incoming_.reset();
    arrived_.clear();
    for (Http2Stream* stream : streams_) stream->on_lost();
    while (!streams_.empty()) co_await streams_ended_.wait(net::kNever);
}

}  // namespace bodega::edge
