// The answer of an Http2Stream: turns it into frames of the connection.
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "edge/http2/http2_stream.h"

namespace bodega::edge {
namespace {

constexpr std::uint64_t kTurn = 256 << 10;  // bytes that a stream may send before waiting streams get a turn

}  // namespace

void Http2Stream::inform(int status, std::string_view fields) {
    if (begun_ || gone_ || closed_) return;
    Http2Fields& list = connection_.fields_;
    list.assign_interim(status, fields);
    nghttp2_submit_headers(connection_.session_.get(), NGHTTP2_FLAG_NONE, id_, nullptr, list.data(), list.size(),
                           nullptr);
    connection_.wants_turn();
}

void Http2Stream::begin(const Answer& answer) {
    begun_ = true;
    stats_.status = answer.status;
    if (gone_) return;
    bodiless_ =
        request_.method == http::Method::head || answer.status < 200 || answer.status == 204 || answer.status == 304;
    length_known_ = answer.length.has_value();
    answer_left_ = bodiless_ ? 0 : answer.length.value_or(0);
    const std::string_view hsts = peer().secure ? std::string_view(context().hsts) : std::string_view();
    connection_.fields_.assign(answer, context().loop.http_date(), request_id_, hsts);
    nghttp2_data_provider body{};
    body.source.ptr = this;
    body.read_callback = &Http2Stream::next_frame;
    bool has_body = !bodiless_ && !(length_known_ && answer_left_ == 0);
    nghttp2_submit_response(connection_.session_.get(), id_, connection_.fields_.data(), connection_.fields_.size(),
                            has_body ? &body : nullptr);
    connection_.wants_turn();
}

Exchange::Write Http2Stream::write(std::string_view& data) {
    if (gone_) return Write::gone;
    if (bodiless_) data = {};
    offer_ = {data, -1, 0, data.size()};
    Write status = push();
    data = offer_.text;
    offer_ = {};
    return status;
}

Exchange::Write Http2Stream::write_file(int file, off_t& offset, std::uint64_t& count) {
    if (gone_) return Write::gone;
    if (bodiless_) count = 0;
    offer_ = {{}, file, offset, count};
    Write status = push();
    offset = offer_.offset;
    count = offer_.count;
    offer_ = {};
    return status;
}

void Http2Stream::append(std::string_view data) {
    if (bodiless_ || gone_) return;
    small_.append(data);
    count_held();
}

void Http2Stream::finish() {
    // False if fewer bytes were sent than the head declared. The stream is then reset; otherwise the client would
    // consider the answer complete.
    finished_ = bodiless_ || !length_known_ || answer_left_ == small_left();
    if (!gone_) push();
}

// --- frames

bool Http2Stream::pending() const noexcept { return !ended_ && (finished_ || small_left() > 0 || offer_.count > 0); }

// Makes frames of the answer until all bytes are framed, the output has no room, or a flow-control window is used up.
Exchange::Write Http2Stream::push() {
    std::uint64_t before = framed_;
    for (;;) {
        if (gone_) return Write::gone;
        if (!pending()) {
            note_progress();
            return Write::done;
        }
        bool others_wait = !connection_.for_room_.empty() && framed_ - before >= kTurn;
        if (others_wait) {
            connection_.wait_for_room(*this);
            return waits_for_client();
        }
        switch (connection_.push(*this)) {
            case Http2Connection::Push::moved: break;
            case Http2Connection::Push::blocked: return waits_for_client();
            case Http2Connection::Push::gone: return Write::gone;
        }
    }
}

Exchange::Write Http2Stream::waits_for_client() noexcept {
    note_progress();
    sending_.wait(now(), transfer_timeout(context().options.settings.send_timeout));
    return Write::blocked;
}

void Http2Stream::note_progress() noexcept {
    if (framed_ != framed_before_ || !pending()) sending_.progressed(now(), framed_ - framed_before_);
    framed_before_ = framed_;
}

// True if the answer's body is complete after `count` more bytes.
bool Http2Stream::ends_with(std::size_t count) const noexcept {
    if (length_known_) return answer_left_ == count;
    return finished_ && small_left() + offer_.count == count;
}

// Sets the length of the next DATA frame, and the end flag if the frame is the last.
ssize_t Http2Stream::next_frame(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t max, std::uint32_t* flags,
                                nghttp2_data_source* source, void*) noexcept {
    auto& s = *static_cast<Http2Stream*>(source->ptr);
    std::int64_t room = s.connection_.room();
    std::uint64_t there = s.small_left() > 0 ? s.small_left() : s.offer_.count;
    if (there == 0 && !s.ends_with(0)) return NGHTTP2_ERR_DEFERRED;
    if (room <= 0) return NGHTTP2_ERR_PAUSE;
    std::uint64_t count = std::min({there, static_cast<std::uint64_t>(max), static_cast<std::uint64_t>(room)});
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (s.ends_with(count)) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
}

bool Http2Stream::append_frame(const std::uint8_t* header, std::size_t length, std::string& out) {
    constexpr std::size_t kHeader = 9;
    out.append(reinterpret_cast<const char*>(header), kHeader);
    if (small_left() > 0) {
        out.append(small_, small_sent_, length);
        small_sent_ += length;
        if (small_left() == 0) {
            std::string().swap(small_);
            small_sent_ = 0;
            count_held();
        }
    } else if (offer_.file >= 0) {
        if (!append_file(length, out)) {
            out.resize(out.size() - kHeader);
            return false;
        }
    } else {
        out.append(offer_.text.substr(0, length));
        offer_.text.remove_prefix(length);
        offer_.count -= length;
    }
    framed_ += length;
    stats_.sent += length;
    answer_left_ -= std::min<std::uint64_t>(answer_left_, length);
    return true;
}

bool Http2Stream::append_file(std::size_t length, std::string& out) {
    std::size_t at = out.size();
    out.resize(at + length);
    for (std::size_t got = 0; got < length;) {
        ssize_t n = ::pread(offer_.file, out.data() + at + got, length - got, offer_.offset);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            out.resize(at);
            return false;
        }
        got += static_cast<std::size_t>(n);
        offer_.offset += n;
    }
    offer_.count -= length;
    return true;
}

}  // namespace bodega::edge
