// Implements Exchange for Http1: reads the request's body and writes the answer.
#include <algorithm>

#include "edge/http1/chunk_join.h"
#include "edge/http1/http1.h"
#include "http/status.h"

namespace bodega::edge {

// --- the client

std::string_view Http1::scheme() const noexcept {
    if (client_) return client_->scheme;
    return peer_.secure ? "https" : "http";
}

std::string_view Http1::asked_host() const noexcept {
    return client_ && !client_->host.empty() ? std::string_view(client_->host) : request_.host;
}

net::TransferTimeout::Terms Http1::transfer_timeout(config::Duration quiet) const noexcept {
    return {quiet.count(), context_.options.settings.min_rate};
}

// --- the request's body

Exchange::Body Http1::poll_body() {
    for (;;) {
        if (current_.body_complete) return Body::complete;
        Body body = body_from_input();
        if (body != Body::pending) return body;
        if (!more_input_for_body()) return current_.body_ended ? Body::broken : Body::pending;
    }
}

// Finds the body bytes among the bytes that input_ already holds.
Exchange::Body Http1::body_from_input() {
    if (current_.switched) {
        current_.body_ready = input_.size();
        return current_.body_ready > 0 ? Body::bytes : Body::pending;
    }
    if (request_.body.kind == http::Framing::Kind::length) {
        current_.body_ready = static_cast<std::size_t>(std::min<std::uint64_t>(current_.body_left, input_.size()));
        return current_.body_ready > 0 ? Body::bytes : Body::pending;
    }
    if (current_.body_ready > 0) return Body::bytes;
    JoinedChunks joined = join_chunks(current_.chunks, input_);
    current_.body_ready = joined.size;
    switch (joined.state) {
        case http::ChunkedDecoder::State::more: return Body::pending;
        case http::ChunkedDecoder::State::data: return Body::bytes;
        case http::ChunkedDecoder::State::end: current_.body_complete = true; return Body::complete;
        case http::ChunkedDecoder::State::malformed: break;
    }
    current_.keep = false;
    return Body::malformed;
}

bool Http1::more_input_for_body() {
    bool much = current_.body_left > net::BufferPool::kSize ||
                (request_.body.kind == http::Framing::Kind::chunked && current_.body_filled);
    auto limit = static_cast<std::size_t>(context_.options.settings.buffer);
    net::IoResult result =
        transport_->receive(input_, limit, much ? net::Buffer::Room::ample : net::Buffer::Room::usual);
    return got_body_input(result);
}

// Returns false if no bytes have arrived. Sets body_ended if no more will arrive.
bool Http1::got_body_input(net::IoResult result) {
    current_.body_filled = result.bytes >= net::BufferPool::kSize;
    switch (result.status) {
        case net::Io::done:
            current_.receiving.progressed(now(), result.bytes);
            current_.continue_due = false;
            return true;
        case net::Io::blocked:
            if (!current_.switched)
                current_.receiving.wait(now(), transfer_timeout(context_.options.settings.body_timeout));
            if (current_.continue_due) ask_to_continue();
            return false;
        default: current_.body_ended = true; return false;
    }
}

void Http1::ask_to_continue() {
    current_.continue_due = false;
    inform(100, {});
}

void Http1::consume_body(std::size_t count) {
    stats_.received += count;
    input_.consume(count);
    current_.body_ready -= count;
    if (current_.switched) return;
    if (request_.body.kind == http::Framing::Kind::chunked) return;
    current_.body_left -= count;
    current_.body_complete = current_.body_left == 0;
}

// If the body has a Content-Length, reads directly into `to` and not into input_, which saves a copy.
Exchange::Body Http1::read_body(std::span<char> to, std::size_t& got) {
    got = 0;
    if (request_.body.kind != http::Framing::Kind::length || !input_.empty()) return Exchange::read_body(to, got);
    while (got < to.size() && current_.body_left > 0) {
        std::span<char> room = to.subspan(got);
        net::IoResult result =
            transport_->receive(room.first(std::min<std::uint64_t>(room.size(), current_.body_left)));
        if (!got_body_input(result)) return current_.body_ended ? Body::broken : Body::pending;
        got += result.bytes;
        stats_.received += result.bytes;
        current_.body_left -= result.bytes;
    }
    current_.body_complete = current_.body_left == 0;
    return current_.body_complete ? Body::complete : Body::bytes;
}

// --- the answer

bool Http1::answer_has_body(int status) const noexcept {
    return request_.method != http::Method::head && status >= 200 && status != 204 && status != 304;
}

void Http1::inform(int status, std::string_view fields) {
    if (current_.begun || request_.minor == 0) return;
    std::string& text = output_.text();
    text.append("HTTP/1.1 ")
        .append(std::to_string(status))
        .append(" ")
        .append(http::reason_phrase(status))
        .append("\r\n");
    text.append(fields).append("\r\n");
    std::string_view none;
    write(none);
}

void Http1::begin(const Answer& answer) {
    current_.begun = true;
    if (context_.draining) current_.keep = false;
    stats_.status = answer.status;
    current_.bodiless = !answer_has_body(answer.status);
    current_.answer_left = current_.bodiless ? 0 : answer.length.value_or(0);
    const bool unbounded = !current_.bodiless && !answer.length;
    const bool chunked = unbounded && request_.minor >= 1;
    if (unbounded && !chunked) current_.keep = false;
    // If the answer begins before the body is read, the connection is kept only if the whole body has already arrived
    // and can be dropped.
    if (!current_.body_complete && !discardable()) current_.keep = false;
    append_head(answer);
    if (chunked) output_.text() += "Transfer-Encoding: chunked\r\n";
    output_.text() += "\r\n";
    output_.frame_chunks(chunked);
}

void Http1::append_head(const Answer& answer) {
    std::string& text = output_.text();
    text.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
    text.append(http::reason_phrase(answer.status)).append("\r\n");
    if (!answer.has_date) text.append("Date: ").append(context_.loop.http_date()).append("\r\n");
    text.append(answer.fields);
    bool no_length = answer.status < 200 || answer.status == 204 || answer.status == 304;
    if (answer.length && !no_length)
        text.append("Content-Length: ").append(std::to_string(*answer.length)).append("\r\n");
    if (peer_.secure) text.append(context_.hsts);
    text.append("X-Request-Id: ").append(request_id_).append("\r\n");
    if (!current_.keep) text.append("Connection: close\r\n");
    else if (request_.minor == 0) text.append("Connection: keep-alive\r\n");
}

// True if the body has a Content-Length and its unread rest is already in input_.
bool Http1::discardable() const noexcept {
    return request_.body.kind == http::Framing::Kind::length && current_.body_left <= input_.size();
}

Exchange::Write Http1::written(net::Io status, std::uint64_t body_bytes) {
    stats_.sent += body_bytes;
    current_.answer_left -= std::min(current_.answer_left, body_bytes);
    std::uint64_t moved = output_.sent() - sent_before_;
    sent_before_ = output_.sent();
    if (moved > 0 || status == net::Io::done) current_.sending.progressed(now(), moved);
    if (status == net::Io::done) return Write::done;
    if (status == net::Io::blocked) {
        current_.sending.wait(now(), transfer_timeout(context_.options.settings.send_timeout));
        count_held();
        return Write::blocked;
    }
    gone_ = true;
    return Write::gone;
}

Exchange::Write Http1::write(std::string_view& data) {
    if (gone_) return Write::gone;
    if (current_.bodiless) data = {};
    std::size_t offered = data.size();
    net::Io status = output_.write(data);
    return written(status, offered - data.size());
}

Exchange::Write Http1::write_file(int file, off_t& offset, std::uint64_t& count) {
    if (gone_) return Write::gone;
    std::uint64_t offered = count;
    net::Io status = output_.write_file(file, offset, count);
    return written(status, offered - count);
}

void Http1::append(std::string_view data) {
    if (current_.bodiless) return;
    output_.text().append(data);
    stats_.sent += data.size();
    current_.answer_left -= std::min<std::uint64_t>(current_.answer_left, data.size());
}

void Http1::switch_protocols(std::string_view fields) {
    current_.begun = current_.switched = true;
    current_.keep = current_.body_complete = current_.bodiless = false;
    current_.answer_left = 0;
    output_.frame_chunks(false);
    stats_.status = 101;
    output_.text().append("HTTP/1.1 101 Switching Protocols\r\n").append(fields);
    output_.text().append("X-Request-Id: ").append(request_id_).append("\r\n\r\n");
}

void Http1::finish() {
    output_.finish();
    // False if fewer bytes were sent than the head declared. The connection then closes, so that the client does not
    // take later bytes for the rest of this answer.
    current_.finished = current_.answer_left == 0;
    std::string_view none;
    write(none);
}

net::Moment Http1::deadline() const noexcept {
    return std::min(current_.receiving.deadline(), current_.sending.deadline());
}

}  // namespace bodega::edge
