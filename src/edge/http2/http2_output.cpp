// The part of Http2Connection that its streams use: decides which streams may write, and sends their frames.
#include <algorithm>
#include <utility>

#include "edge/http2/http2_connection.h"
#include "edge/http2/http2_stream.h"

namespace bodega::edge {
namespace {

constexpr std::int64_t kFrame = 16 << 10;  // approximate bytes of output that one stream adds in a turn

}  // namespace

// --- the list of streams

void Http2Connection::add(Http2Stream& stream) {
    stream.place_ = streams_.size();
    streams_.push_back(&stream);
    stream.started_ = true;
}

void Http2Connection::remove(Http2Stream& stream) noexcept {
    if (stream.waits_for_room_) std::erase(for_room_, &stream);
    streams_.back()->place_ = stream.place_;
    streams_[stream.place_] = streams_.back();
    streams_.pop_back();
    wakeup_.notify();
    if (streams_.empty()) streams_ended_.notify();
}

// --- output

std::int64_t Http2Connection::room() const noexcept {
    return context_.options.settings.buffer - static_cast<std::int64_t>(output_.size() - sent_);
}

std::int64_t Http2Connection::window(const Http2Stream& stream) const noexcept {
    return std::min(nghttp2_session_get_remote_window_size(session_.get()),
                    nghttp2_session_get_stream_remote_window_size(session_.get(), stream.id_));
}

Http2Connection::Push Http2Connection::push(Http2Stream& stream) {
    if (gone_) return Push::gone;
    if (room() <= 0 && !flush()) {
        wait_for_room(stream);
        return gone_ ? Push::gone : Push::blocked;
    }
    std::uint64_t before = stream.framed_;
    bool had_ended = stream.ended_;
    nghttp2_session_resume_data(session_.get(), stream.id_);
    fill();
    wants_turn();
    if (gone_) return Push::gone;
    if (stream.framed_ != before || stream.ended_ != had_ended) return Push::moved;
    // If other streams have used the room, this stream can try again after a flush. Otherwise the client's flow-control
    // window is used up, and the stream has to wait.
    return room() <= 0 && window(stream) > 0 ? Push::moved : Push::blocked;
}

void Http2Connection::wait_for_room(Http2Stream& stream) {
    if (std::exchange(stream.waits_for_room_, true)) return;
    for_room_.push_back(&stream);
    wants_turn();
}

void Http2Connection::count_output() noexcept { output_held_.set(output_.capacity()); }

void Http2Connection::fill() {
    while (room() > 0) {
        const std::uint8_t* bytes = nullptr;
        ssize_t count = nghttp2_session_mem_send(session_.get(), &bytes);
        if (count < 0) gone_ = true;  // out of memory
        if (count <= 0) break;
        output_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    }
    count_output();
}

bool Http2Connection::flush() {
    bool progressed = false;
    while (sent_ < output_.size()) {
        const iovec piece{output_.data() + sent_, output_.size() - sent_};
        net::IoResult result = transport_->send({&piece, 1});
        if (result.status == net::Io::blocked) {
            if (progressed || send_deadline_ == net::kNever)
                send_deadline_ = now() + context_.options.settings.send_timeout.count();
            output_.erase(0, sent_);
            sent_ = 0;
            return false;
        }
        if (result.status != net::Io::done) {
            gone_ = true;
            wakeup_.notify();
            return false;
        }
        sent_ += result.bytes;
        progressed = true;
    }
    output_.clear();
    sent_ = 0;
    send_deadline_ = net::kNever;
    return true;
}

// --- waking streams

// Wakes as many waiting streams as the output has room for, in the order in which they began to wait.
void Http2Connection::wake_for_room() noexcept {
    if (room() <= 0 || for_room_.empty()) return;
    std::size_t count = std::min(for_room_.size(), static_cast<std::size_t>(room() / kFrame + 1));
    for (std::size_t i = 0; i < count; ++i) {
        for_room_[i]->waits_for_room_ = false;
        for_room_[i]->wakeup_.notify();
    }
    for_room_.erase(for_room_.begin(), for_room_.begin() + static_cast<std::ptrdiff_t>(count));
}

// Wakes the streams that may send again because the client has enlarged a flow-control window. stream_id: 0 means all
// streams.
void Http2Connection::wake_for_window(std::int32_t stream_id) noexcept {
    if (stream_id != 0) {
        auto* stream = static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session_.get(), stream_id));
        if (stream) stream->wakeup_.notify();
        return;
    }
    for (Http2Stream* stream : streams_)
        if (stream->sending_.waits()) stream->wakeup_.notify();
}

// Doubles the flow-control window of a stream whose body is read as fast as it arrives. The window limits the bytes in
// flight. With a long round trip it would limit the speed of an upload.
void Http2Connection::widen_window(Http2Stream& stream) {
    auto max = static_cast<std::int32_t>(context_.options.settings.http2_window);
    if (stream.window_ >= max) return;
    stream.window_ = static_cast<std::int32_t>(std::min<std::int64_t>(max, 2 * std::int64_t{stream.window_}));
    nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, stream.id_, stream.window_);
    auto wanted = static_cast<std::int32_t>(std::min<std::int64_t>(max, 2 * std::int64_t{stream.window_}));
    if (wanted <= window_) return;
    window_ = wanted;
    nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, window_);
}

}  // namespace bodega::edge
