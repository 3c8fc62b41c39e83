#include "edge/http2_connection.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "edge/http2_stream.h"
#include "edge/linger.h"

namespace bodega::edge {
namespace {

constexpr int kReadsATurn = 4;
constexpr Moment kLingerLimit = 5000;  // how long the client may take to notice the end
constexpr Moment kLastStreams = 1000;  // for requests on their way when a drain begins

// Frames that bring no request and no byte: what there is to say at the start, and a few a second. Each request and
// each frame of an answer allows for more, since windows are opened and priorities told on account of them.
constexpr std::int64_t kGlitches = 500;
constexpr std::int64_t kGlitchesASecond = 50;
constexpr std::int64_t kSettingsCost = 10;  // each may change every stream's window

// Streams that were reset, by either side. A page that is left resets what it asked for, a few times in a row.
constexpr std::int64_t kResetsASecond = 20;

std::int64_t resets(const config::Edge& settings) noexcept { return 2 * std::int64_t{settings.http2_streams}; }

std::int32_t stream_window(const config::Edge& settings) noexcept {
    return static_cast<std::int32_t>(std::min(settings.buffer, settings.http2_window));
}

Detached serve_detached(std::unique_ptr<Http2Connection> connection) {
    try {
        co_await connection->serve();
    } catch (const std::exception& e) {
        base::log::error("edge", "a connection ended in an error", {{"error", e.what()}});
    }
}

Detached run(std::unique_ptr<Http2Stream> stream) {
    try {
        co_await stream->serve();
    } catch (const std::exception& e) {
        base::log::error("edge", "a stream ended in an error", {{"error", e.what()}});
    }
}

}  // namespace

void serve_http2(std::unique_ptr<Http2Connection> connection) { serve_detached(std::move(connection)); }

Http2Connection::Http2Connection(Worker& worker, std::unique_ptr<Stream> stream, Peer peer, Place place,
                                 std::string_view received)
    : worker_(worker),
      peer_(std::move(peer)),
      place_(std::move(place)),
      waiter_(worker.loop),
      streams_waiter_(worker.loop),
      stream_(std::move(stream)),
      input_(worker.blocks),
      glitches_(kGlitches, kGlitchesASecond, worker.loop.now()),
      resets_(resets(worker.options.settings), kResetsASecond, worker.loop.now()),
      window_(NGHTTP2_INITIAL_CONNECTION_WINDOW_SIZE),
      settings_deadline_(worker.loop.now() + worker.options.settings.head_timeout.count()) {
    stream_->notify_to(&waiter_);
    worker_.connections.add(*this);
    open_session();
    announce();
    if (worker_.draining) begin_drain();
    read(received);
}

Http2Connection::~Http2Connection() {
    worker_.blocks.count(output_held_, 0);
    worker_.connections.remove(*this);
}

// Our own SETTINGS, and the connection's window.
void Http2Connection::announce() {
    const config::Edge& settings = worker_.options.settings;
    std::int32_t of_stream = stream_window(settings);
    const std::array<nghttp2_settings_entry, 4> entries = {{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, static_cast<std::uint32_t>(settings.http2_streams)},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(of_stream)},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(settings.max_head)},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, entries.data(), entries.size());
    // One stream that is not taken must not keep the others out.
    window_ = static_cast<std::int32_t>(
        std::max<std::int64_t>(window_, std::min<std::int64_t>(settings.http2_window, 4 * std::int64_t{of_stream})));
    nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, window_);
}

Task<void> Http2Connection::serve() {
    while (go_on()) {
        bool hurry = unread_ || (!for_room_.empty() && room() > 0);
        Waiter::Wait pause = hurry ? waiter_.next_turn() : waiter_.wait(deadline());
        Wake wake = co_await pause;
        if (wake == Wake::cancelled || (wake == Wake::deadline && !on_deadline())) break;
    }
    if (doomed_) worker_.counters.bad_requests.add();
    co_await end_streams();
    if (!gone_ && !waiter_.cancelled()) {
        input_.release();
        co_await linger(*stream_, worker_.blocks, waiter_, kLingerLimit);
    }
}

// All that can be done without waiting; false: it is over.
bool Http2Connection::go_on() {
    if (!receive()) return false;
    start_arrived();
    for (fill(); !output_.empty() && flush(); fill()) continue;
    if (is_over()) return false;
    wake_for_room();
    note_idleness();
    input_.park();
    return true;
}

// Reads what there is, a few times; false: the client left.
bool Http2Connection::receive() {
    unread_ = false;
    for (int i = 0; i < kReadsATurn && !doomed_; ++i) {
        IoResult result = stream_->receive(input_, Blocks::kSize);
        if (result.status == Io::ended || result.status == Io::failed) gone_ = true;
        unread_ = result.status == Io::done;
        if (!unread_) break;
        read(input_.view());
        input_.consume(input_.size());
    }
    unread_ = unread_ && !doomed_;
    return !gone_;
}

void Http2Connection::read(std::string_view bytes) {
    frames_.walk(bytes, [this](const Http2Frame& frame) { charge(frame); });
    note_head();
    if (doomed_) return;
    auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    ssize_t taken = nghttp2_session_mem_recv(session_.get(), data, bytes.size());
    if (taken == NGHTTP2_ERR_BAD_CLIENT_MAGIC) gone_ = true;  // it speaks something else: no frame would tell it
    else if (taken == NGHTTP2_ERR_FLOODED) doom(NGHTTP2_ENHANCE_YOUR_CALM);
    else if (taken < 0) doom(NGHTTP2_INTERNAL_ERROR);
}

void Http2Connection::charge(const Http2Frame& frame) {
    bool fine = true;
    switch (frame.type) {
        case Http2Frame::data:
            if (frame.length == 0 && !(frame.flags & Http2Frame::kEndStream)) fine = glitches_.take(1, now());
            break;
        case Http2Frame::rst_stream: fine = resets_.take(1, now()); break;
        case Http2Frame::settings:
            if (!(frame.flags & Http2Frame::kAck)) fine = glitches_.take(kSettingsCost, now());
            break;
        default: fine = glitches_.take(1, now());
    }
    if (!fine) doom(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Connection::note_head() noexcept {
    if (!frames_.in_head()) {
        head_deadline_ = kNever;
    } else if (head_deadline_ == kNever || head_seen_ != frames_.heads()) {
        head_deadline_ = now() + worker_.options.settings.head_timeout.count();
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

// --- the end

// Says what is wrong, once; the connection ends when that is sent.
void Http2Connection::doom(std::uint32_t code) noexcept {
    if (doomed_) return;
    doomed_ = true;
    nghttp2_session_terminate_session(session_.get(), code);
}

bool Http2Connection::is_over() const noexcept {
    if (gone_) return true;
    if (!output_.empty()) return false;
    if (doomed_) return true;
    if (!streams_.empty()) return false;
    return closing_ || (!nghttp2_session_want_read(session_.get()) && !nghttp2_session_want_write(session_.get()));
}

void Http2Connection::note_idleness() {
    bool idle = streams_.empty() && !incoming_;
    if (idle && output_.empty() && output_held_ > 0) {
        output_ = {};
        count_output();
    }
    if (idle == (idle_deadline_ != kNever)) return;
    if (!idle) {
        idle_deadline_ = kNever;
        return worker_.connections.mark_busy(*this);
    }
    idle_deadline_ = now() + worker_.options.settings.idle_timeout.count();
    worker_.connections.mark_idle(*this);
}

void Http2Connection::end_if_idle() noexcept {
    if (streams_.empty() && arrived_.empty()) say_goodbye();
}

// RFC 9113 section 6.8: in two steps, so that no request that is on its way is lost.
void Http2Connection::begin_drain() noexcept {
    if (draining_) return;
    draining_ = true;
    drain_deadline_ = now() + kLastStreams;
    nghttp2_submit_shutdown_notice(session_.get());
    waiter_.notify();
}

void Http2Connection::look_around() noexcept {
    for (Http2Stream* stream : streams_) stream->waiter().notify();
}

void Http2Connection::say_goodbye() noexcept {
    drain_deadline_ = kNever;
    if (closing_) return;
    closing_ = true;
    std::int32_t last = nghttp2_session_get_last_proc_stream_id(session_.get());
    nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0);
    waiter_.notify();
}

Moment Http2Connection::deadline() const noexcept {
    return std::min({settings_deadline_, head_deadline_, send_deadline_, idle_deadline_, drain_deadline_});
}

// Whether to go on.
bool Http2Connection::on_deadline() {
    if (send_deadline_ <= now()) {
        gone_ = true;
        return false;
    }
    if (settings_deadline_ <= now()) doom(NGHTTP2_SETTINGS_TIMEOUT);
    if (head_deadline_ <= now()) doom(NGHTTP2_ENHANCE_YOUR_CALM);
    if (idle_deadline_ <= now() || drain_deadline_ <= now()) say_goodbye();
    return true;
}

Task<void> Http2Connection::end_streams() {
    incoming_.reset();
    arrived_.clear();
    for (Http2Stream* stream : streams_) stream->on_cut();
    while (!streams_.empty()) co_await streams_waiter_.wait(kNever);
}

}  // namespace bodega::edge
