// Implements Exchange for Http1: reads the request's body and writes the answer.
#include <algorithm>

#include "edge/exchange/answer.h"
#include "edge/http1/chunk_join.h"
#include "edge/http1/http1.h"

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
        if (body_complete_) return Body::complete;
        Body body = body_from_input();
        if (body != Body::pending) return body;
        if (!more_input_for_body()) return body_ended_ ? Body::broken : Body::pending;
    }
}

// Body bytes that input_ holds.
Exchange::Body Http1::body_from_input() {
    if (switched_) {
        body_ready_ = input_.size();
        return body_ready_ > 0 ? Body::bytes : Body::pending;
    }
    if (request_.body.kind == http::Framing::Kind::length) {
        body_ready_ = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input_.size()));
        return body_ready_ > 0 ? Body::bytes : Body::pending;
    }
    if (body_ready_ > 0) return Body::bytes;
    JoinedChunks joined = join_chunks(chunks_, input_);
    body_ready_ = joined.size;
    switch (joined.state) {
        case http::ChunkedDecoder::State::more: return Body::pending;
        case http::ChunkedDecoder::State::data: return Body::bytes;
        case http::ChunkedDecoder::State::end: body_complete_ = true; return Body::complete;
        case http::ChunkedDecoder::State::malformed: break;
    }
    keep_ = false;
    return Body::malformed;
}

bool Http1::more_input_for_body() {
    bool much =
        body_left_ > net::BufferPool::kSize || (request_.body.kind == http::Framing::Kind::chunked && body_filled_);
    auto limit = static_cast<std::size_t>(context_.options.settings.buffer);
    net::IoResult result =
        transport_->receive(input_, limit, much ? net::Buffer::Room::ample : net::Buffer::Room::usual);
    return got_body_input(result);
}

// Returns false if there was nothing: for now, or for good (body_ended_).
bool Http1::got_body_input(net::IoResult result) {
    body_filled_ = result.bytes >= net::BufferPool::kSize;
    switch (result.status) {
        case net::Io::done:
            receiving_.progressed(now(), result.bytes);
            continue_due_ = false;
            return true;
        case net::Io::blocked:
            if (!switched_) receiving_.wait(now(), transfer_timeout(context_.options.settings.body_timeout));
            if (continue_due_) ask_to_continue();
            return false;
        default: body_ended_ = true; return false;
    }
}

void Http1::ask_to_continue() {
    continue_due_ = false;
    inform(100, {});
}

void Http1::consume_body(std::size_t count) {
    stats_.received += count;
    input_.consume(count);
    body_ready_ -= count;
    if (switched_) return;
    if (request_.body.kind == http::Framing::Kind::chunked) return;
    body_left_ -= count;
    body_complete_ = body_left_ == 0;
}

// If the body has a Content-Length, reads directly into `to` and not into input_, which saves a copy.
Exchange::Body Http1::read_body(std::span<char> to, std::size_t& got) {
    got = 0;
    if (request_.body.kind != http::Framing::Kind::length || !input_.empty()) return Exchange::read_body(to, got);
    while (got < to.size() && body_left_ > 0) {
        std::span<char> room = to.subspan(got);
        net::IoResult result = transport_->receive(room.first(std::min<std::uint64_t>(room.size(), body_left_)));
        if (!got_body_input(result)) return body_ended_ ? Body::broken : Body::pending;
        got += result.bytes;
        stats_.received += result.bytes;
        body_left_ -= result.bytes;
    }
    body_complete_ = body_left_ == 0;
    return body_complete_ ? Body::complete : Body::bytes;
}

// --- the answer

bool Http1::answer_has_body(int status) const noexcept {
    return request_.method != http::Method::head && status >= 200 && status != 204 && status != 304;
}

void Http1::inform(int status, std::string_view fields) {
    if (begun_ || request_.minor == 0) return;
    std::string& text = output_.text();
    text.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason_phrase(status)).append("\r\n");
    text.append(fields).append("\r\n");
    std::string_view none;
    write(none);
}

void Http1::begin(const Answer& answer) {
    begun_ = true;
    if (context_.draining) keep_ = false;
    stats_.status = answer.status;
    bodiless_ = !answer_has_body(answer.status);
    length_known_ = answer.length.has_value();
    answer_left_ = bodiless_ ? 0 : answer.length.value_or(0);
    bool chunked = !bodiless_ && !length_known_ && request_.minor >= 1;
    if (!bodiless_ && !length_known_ && request_.minor == 0) keep_ = false;
    // An unread body is dropped if it has already arrived; otherwise the connection is not kept.
    if (!body_complete_ && !discardable()) keep_ = false;
    append_head(answer);
    if (chunked) output_.text() += "Transfer-Encoding: chunked\r\n";
    output_.text() += "\r\n";
    output_.frame_chunks(chunked);
}

void Http1::append_head(const Answer& answer) {
    std::string& text = output_.text();
    text.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
    text.append(reason_phrase(answer.status)).append("\r\n");
    if (!answer.has_date) text.append("Date: ").append(context_.loop.http_date()).append("\r\n");
    text.append(answer.fields);
    bool no_length = answer.status < 200 || answer.status == 204 || answer.status == 304;
    if (answer.length && !no_length)
        text.append("Content-Length: ").append(std::to_string(*answer.length)).append("\r\n");
    if (peer_.secure) text.append(context_.hsts);
    text.append("X-Request-Id: ").append(request_id_).append("\r\n");
    if (!keep_) text.append("Connection: close\r\n");
    else if (request_.minor == 0) text.append("Connection: keep-alive\r\n");
}

// True if the rest of an unread body has already arrived: it has a Content-Length and is in input_.
bool Http1::discardable() const noexcept {
    return request_.body.kind == http::Framing::Kind::length && body_left_ <= input_.size();
}

Exchange::Write Http1::written(net::Io status, std::uint64_t body_bytes) {
    stats_.sent += body_bytes;
    answer_left_ -= std::min(answer_left_, body_bytes);
    std::uint64_t moved = output_.sent() - sent_before_;
    sent_before_ = output_.sent();
    if (moved > 0 || status == net::Io::done) sending_.progressed(now(), moved);
    if (status == net::Io::done) return Write::done;
    if (status == net::Io::blocked) {
        sending_.wait(now(), transfer_timeout(context_.options.settings.send_timeout));
        count_held();
        return Write::blocked;
    }
    gone_ = true;
    return Write::gone;
}

Exchange::Write Http1::write(std::string_view& data) {
    if (gone_) return Write::gone;
    if (bodiless_) data = {};
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
    if (bodiless_) return;
    output_.text().append(data);
    stats_.sent += data.size();
    answer_left_ -= std::min<std::uint64_t>(answer_left_, data.size());
}

void Http1::switch_protocols(std::string_view fields) {
    begun_ = switched_ = true;
    keep_ = body_complete_ = bodiless_ = false;
    answer_left_ = 0;
    output_.frame_chunks(false);
    stats_.status = 101;
    output_.text().append("HTTP/1.1 101 Switching Protocols\r\n").append(fields);
    output_.text().append("X-Request-Id: ").append(request_id_).append("\r\n\r\n");
}

void Http1::finish() {
    output_.finish();
    // False if fewer bytes were sent than declared: the client must not take what follows for the rest.
    finished_ = answer_left_ == 0;
    std::string_view none;
    write(none);
}

net::Moment Http1::deadline() const noexcept { return std::min(receiving_.deadline(), sending_.deadline()); }

}  // namespace bodega::edge
