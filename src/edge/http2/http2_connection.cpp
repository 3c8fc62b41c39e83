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
constexpr std::size_t kCoroutine = 1 << 10;  // bytes, about: the frame of serve()
constexpr Moment kLingerLimit = 5000;        // how long the client may take to notice the end
constexpr Moment kLastStreams = 1000;        // for requests on their way when a drain begins

// Frames that bring no request and no byte: what there is to say at the start, and a few a second. Each request and
// each frame of an answer allows for more, since windows are opened and priorities told on account of them.
constexpr std::int64_t kGlitches = 500;
constexpr std::int64_t kGlitchesASecond = 50;
constexpr std::int64_t kSettingsCost = 10;  // each may change every stream's window

constexpr std::uint32_t kNoLimit = 0x7fffffff;

// Streams that were reset, by either side. A page that is left resets what it asked for, a few times in a row.
constexpr std::int64_t kResetsASecond = 20;

std::int64_t resets(const config::Edge& settings) noexcept { return 2 * std::int64_t{settings.http2_streams}; }

// A head is held decoded, and once more as an upstream gets it: one of the largest always has room.
std::size_t memory_limit(const config::Edge& settings) noexcept {
    return static_cast<std::size_t>(std::max(settings.http2_memory, 8 * settings.max_head));
}

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
      ledger_(worker.blocks, memory_limit(worker.options.settings)),
      own_(ledger_),
      output_held_(ledger_),
      input_(worker.blocks, ledger_),
      glitches_(kGlitches, kGlitchesASecond, worker.loop.now()),
      resets_(resets(worker.options.settings), kResetsASecond, worker.loop.now()),
      window_(NGHTTP2_INITIAL_CONNECTION_WINDOW_SIZE),
      settings_deadline_(worker.loop.now() + worker.options.settings.head_timeout.count()) {
    stream_->notify_to(&waiter_);
    own_.set(sizeof *this + kCoroutine);
    worker_.connections.add(*this);
    open_session();
    announce();
    if (worker_.draining) begin_drain();
    read(received);
}

Http2Connection::~Http2Connection() { worker_.connections.remove(*this); }

// Our own SETTINGS, and the connection's window.
void Http2Connection::announce() {
    const config::Edge& settings = worker_.options.settings;
    std::int32_t of_stream = stream_window(settings);
    const std::array<nghttp2_settings_entry, 4> entries = {{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kNoLimit},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(of_stream)},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(settings.max_head)},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, entries.data(), entries.size());
    announce_streams(static_cast<std::uint32_t>(settings.http2_streams));
    // One stream that is not taken must not keep the others out.
    window_ = static_cast<std::int32_t>(
        std::max<std::int64_t>(window_, std::min<std::int64_t>(settings.http2_window, 4 * std::int64_t{of_stream})));
    nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, window_);
}

// nghttp2 takes a stream over its limit for the connection's end; RFC 9113 section 5.1.2 has it refused. So only the
// client is told the limit, in the first setting of the first frame, and refuse_stream() keeps it.
void Http2Connection::announce_streams(std::uint32_t limit) {
    constexpr std::size_t kFrameHeader = 9, kSettingName = 2;
    fill();
    for (std::size_t i = 0; i < sizeof limit; ++i)
        output_.at(kFrameHeader + kSettingName + i) = static_cast<char>(limit >> (8 * (sizeof limit - 1 - i)));
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
    if (!gone_ && !overdrawn_ && !waiter_.cancelled()) {
        input_.release();
        co_await linger(*stream_, worker_.blocks, waiter_, kLingerLimit);
    }
}

// All that can be done without waiting; false: it is over.
bool Http2Connection::go_on() {
    if (!receive()) return false;
    start_arrived();
    for (fill(); !output_.empty() && flush(); fill()) continue;
    if (is_over() || overdrawn_) return false;
    wake_for_room();
    note_idleness();
    input_.park();
    return true;
}

// Reads what there is, a few times; false: the client left.
bool Http2Connection::receive() {
    unread_ = false;
    for (int i = 0; i < kReadsATurn && !doomed_ && !overdrawn_; ++i) {
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
    std::string_view rest = bytes;
    while (!doomed_ && !gone_ && frames_.next(rest)) {
        // What a frame means depends on those before it.
        const std::size_t end = bytes.size() - rest.size(), taken = std::min(frames_.taken(), end);
        feed(bytes.substr(0, end - taken));
        bytes.remove_prefix(end - taken);
        charge(frames_.frame());
        judge(frames_.frame());
    }
    note_head();
    feed(bytes);
}

void Http2Connection::feed(std::string_view bytes) {
    if (doomed_ || gone_ || bytes.empty()) return;
    auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    ssize_t taken = nghttp2_session_mem_recv(session_.get(), data, bytes.size());
    if (taken == NGHTTP2_ERR_BAD_CLIENT_MAGIC) gone_ = true;  // it speaks something else: no frame would tell it
    else if (taken == NGHTTP2_ERR_FLOODED) doom(NGHTTP2_ENHANCE_YOUR_CALM);
    else if (taken < 0) doom(NGHTTP2_INTERNAL_ERROR);
    if (ledger_.held() > 2 * ledger_.most()) overdraw();
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

// What nghttp2 lets pass: priorities that it ignores, and frames on streams that it has forgotten.
void Http2Connection::judge(const Http2Frame& frame) {
    const bool is_priority = frame.type == Http2Frame::priority;
    const bool wrong = frame.stream == 0 ? is_priority : frame.depends_on == frame.stream;
    if (wrong) return doom(NGHTTP2_PROTOCOL_ERROR);
    const auto stream = static_cast<std::int32_t>(frame.stream);
    const bool is_head = frame.type == Http2Frame::headers;
    if ((!is_head && frame.type != Http2Frame::data) || stream % 2 == 0) return;
    if (stream <= last_begun_) return judge_closed(frame);
    if (is_head) last_begun_ = stream;
}

// RFC 9113 sections 5.1 and 5.1.1.
void Http2Connection::judge_closed(const Http2Frame& frame) {
    using How = Http2ClosedStreams::How;
    const auto stream = static_cast<std::int32_t>(frame.stream);
    if (nghttp2_session_find_stream(session_.get(), stream)) return;
    switch (closed_.how_of(stream)) {
        case How::ended: return doom(NGHTTP2_STREAM_CLOSED);
        case How::reset_by_client:
            nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_STREAM_CLOSED);
            return;
        case How::reset_by_server: return;  // on its way when it was
        case How::unknown: break;
    }
    // Of streams after our last word nghttp2 opened none; else it was passed over by a later one, or closed long ago.
    if (draining_ || closing_ || closed_.has_forgotten()) return;
    doom(frame.type == Http2Frame::headers ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_STREAM_CLOSED);
}

std::size_t Http2Connection::open_streams() const noexcept {
    auto is_open = [](const auto& stream) { return !stream->closed_; };
    return static_cast<std::size_t>(std::count_if(streams_.begin(), streams_.end(), is_open) +
                                    std::count_if(arrived_.begin(), arrived_.end(), is_open));
}

// Whether a new stream is over the limit, and is refused.
bool Http2Connection::refuse_stream(std::int32_t id) {
    const auto most = static_cast<std::size_t>(worker_.options.settings.http2_streams);
    // Those that the client reset may not have ended yet.
    if (open_streams() < most && streams_.size() + arrived_.size() < 2 * most) return false;
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    if (!resets_.take(1, now())) doom(NGHTTP2_ENHANCE_YOUR_CALM);
    return true;
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

void Http2Connection::cut() noexcept {
    waiter_.cancel();
    for (Http2Stream* stream : streams_) stream->cut();
}

// Says what is wrong, once; the connection ends when that is sent.
void Http2Connection::doom(std::uint32_t code) noexcept {
    if (doomed_) return;
    doomed_ = true;
    nghttp2_session_terminate_session(session_.get(), code);
}

// It was told again and again that there is no more: it is not waited for.
void Http2Connection::overdraw() noexcept {
    overdrawn_ = true;
    worker_.counters.cut_for_memory.add();
    doom(NGHTTP2_ENHANCE_YOUR_CALM);
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
    if (idle && output_.empty() && output_held_.bytes() > 0) {
        std::string().swap(output_);
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
    for (Http2Stream* stream : streams_) stream->on_lost();
    while (!streams_.empty()) co_await streams_waiter_.wait(kNever);
}

}  // namespace bodega::edge
