#include "support/http2_client.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>

namespace bodega::test {
namespace {

std::uint32_t read_number(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < count; ++i) out = out << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return out;
}

}  // namespace

std::uint32_t Http2FrameIn::number(std::size_t at) const {
    return payload.size() < at + 4 ? 0 : read_number(payload, at, 4);
}

struct Http2Client::Inflater {
    Inflater() { nghttp2_hd_inflate_new(&inflater); }
    ~Inflater() { nghttp2_hd_inflate_del(inflater); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    nghttp2_hd_inflater* inflater = nullptr;
};

Http2Client::Http2Client(const std::string& url, std::string_view settings, bool greets)
    : RawClient(url), inflater_(std::make_unique<Inflater>()) {
    if (greets) send(std::string(http2::kPreface) + http2::frame(http2::kSettings, 0, 0, settings));
}

Http2Client::~Http2Client() = default;
Http2Client::Http2Client(Http2Client&&) noexcept = default;

bool Http2Client::request(std::uint32_t stream, const Http2Fields& fields, bool ends) {
    return send_frame(http2::kHeaders, http2::kEndHeaders | (ends ? http2::kEndStream : 0), stream,
                      http2::literals(fields));
}

Http2FrameIn Http2Client::receive_frame() {
    Http2FrameIn out;
    std::string header = receive_exactly(9);
    if (header.size() < 9) return out;
    out.length = read_number(header, 0, 3);
    out.type = static_cast<std::uint8_t>(header[3]);
    out.flags = static_cast<std::uint8_t>(header[4]);
    out.stream = read_number(header, 5, 4);
    out.payload = receive_exactly(out.length);
    if (out.payload.size() < out.length) out.type = -1;
    if (out.type == http2::kSettings && !(out.flags & http2::kAck)) send_frame(http2::kSettings, http2::kAck, 0);
    return out;
}

// The frames of a head are decoded when the last one has arrived.
void Http2Client::take_block(const Http2FrameIn& in) {
    block_ += in.payload;
    if (!(in.flags & http2::kEndHeaders)) return;
    take_headers(in.stream, block_);
    block_.clear();
}

void Http2Client::take_headers(std::uint32_t stream, std::string_view block) {
    Http2Reply& reply = replies_[stream];
    auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
    std::size_t left = block.size();
    for (int flags = 0; !(flags & NGHTTP2_HD_INFLATE_FINAL);) {
        nghttp2_nv field;
        ssize_t taken = nghttp2_hd_inflate_hd2(inflater_->inflater, &field, &flags, at, left, 1);
        if (taken < 0) break;
        at += taken;
        left -= static_cast<std::size_t>(taken);
        if (!(flags & NGHTTP2_HD_INFLATE_EMIT)) continue;
        std::string name(reinterpret_cast<const char*>(field.name), field.namelen);
        std::string value(reinterpret_cast<const char*>(field.value), field.valuelen);
        if (name == ":status") reply.status = std::stoi(value);
        reply.fields[name] = value;
    }
    nghttp2_hd_inflate_end_headers(inflater_->inflater);
    if (reply.status >= 100 && reply.status < 200) ++reply.interim;
}

void Http2Client::take_settings(const Http2FrameIn& in) {
    constexpr std::uint32_t kInitialWindow = 4;
    for (std::size_t at = 0; at + 6 <= in.payload.size(); at += 6)
        if (read_number(in.payload, at, 2) == kInitialWindow) stream_window_ = in.number(at + 2);
}

std::int64_t Http2Client::room(std::uint32_t stream) {
    constexpr std::int64_t kConnectionWindow = 65'535;
    return std::min(kConnectionWindow + opened_[0] - sent_[0], stream_window_ + opened_[stream] - sent_[stream]);
}

bool Http2Client::send_body(std::uint32_t stream, std::string_view bytes, bool ends) {
    constexpr std::int64_t kFrame = 16 << 10;
    do {
        while (!bytes.empty() && room(stream) <= 0) {
            if (replies_[stream].whole || replies_[stream].reset >= 0 || !take()) return false;
        }
        std::int64_t max = std::min(kFrame, room(stream));
        std::string_view piece = bytes.substr(0, static_cast<std::size_t>(std::max<std::int64_t>(0, max)));
        bytes.remove_prefix(piece.size());
        sent_[0] += static_cast<std::int64_t>(piece.size());
        sent_[stream] += static_cast<std::int64_t>(piece.size());
        if (!send_frame(http2::kData, ends && bytes.empty() ? http2::kEndStream : 0, stream, piece)) return false;
    } while (!bytes.empty());
    return true;
}

bool Http2Client::take() {
    Http2FrameIn in = receive_frame();
    switch (in.type) {
        case -1: return false;
        case http2::kData:
            replies_[in.stream].body += in.payload;
            if (in.length > 0) {
                send_frame(http2::kWindow, 0, 0, http2::number(in.length));
                if (!(in.flags & http2::kEndStream)) send_frame(http2::kWindow, 0, in.stream, http2::number(in.length));
            }
            break;
        case http2::kHeaders:
        case http2::kContinuation: take_block(in); break;
        case http2::kSettings: take_settings(in); break;
        case http2::kWindow: opened_[in.stream] += in.number(); break;
        case http2::kReset: replies_[in.stream].reset = static_cast<int>(in.number()); break;
        case http2::kGoaway:
            last_stream_ = in.number();
            goaway_ = static_cast<int>(in.number(4));
            break;
        default: break;
    }
    bool carries = in.type == http2::kData || in.type == http2::kHeaders;
    if (carries && (in.flags & http2::kEndStream)) replies_[in.stream].whole = true;
    return true;
}

Http2Reply Http2Client::reply(std::uint32_t stream) {
    while (!replies_[stream].whole && replies_[stream].reset < 0 && take()) continue;
    return replies_[stream];
}

int Http2Client::goaway_code() {
    while (take()) continue;
    return goaway_;
}

}  // namespace bodega::test
