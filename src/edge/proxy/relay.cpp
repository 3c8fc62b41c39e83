#include "edge/proxy/relay.h"

#include <algorithm>
#include <utility>

#include "edge/http1/chunk_join.h"
#include "edge/proxy/compression.h"
#include "edge/proxy/forward_head.h"
#include "http/parser.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

// Each interim answer restarts the timeout of the final answer. In total, the final answer may take this many times the
// timeout.
constexpr int kTimeoutsWithInterim = 10;
constexpr int kContinue = 100;
constexpr int kUpgradeRequired = 426;
constexpr std::size_t kMaxAnswerFields = 1000;  // number of fields; Settings::max_head limits their bytes
constexpr int kMovesATurn = 64;  // number of buffers that one step() forwards before other connections get their turn
// Like kMovesATurn, but for answers that are compressed: a buffer costs a hundred times as much.
constexpr int kCompressionsATurn = 16;
// Milliseconds. A client that has closed its sending direction has either left or waits for the answer. The answer has
// to begin within this time.
constexpr net::Moment kHalfClosedGrace = 1000;

}  // namespace

Relay::Relay(Exchange& x, UpstreamConnection& upstream, std::string head, const Settings& settings)
    : x_(x),
      upstream_(upstream),
      settings_(settings),
      writer_(*upstream.transport, FramedWriter::Small::stays),
      head_held_(x.ledger()),
      progress_(now()),
      interim_left_(settings.max_head) {
    writer_.text() = std::move(head);
    head_held_.set(writer_.capacity());
    if (settings_.body) prefix_ = settings_.body->bytes;
    if (settings_.body && settings_.body->file)
        spooled_ = std::make_unique<SpoolReader>(*settings_.files, settings_.body->file, settings_.buffer, x.wakeup(),
                                                 x.ledger());
    writer_.frame_chunks(x.request().body.kind == http::Framing::Kind::chunked && !has_whole_body());
}

bool Relay::fail(State state) noexcept {
    state_ = state;
    return false;
}

Relay::State Relay::step() {
    // A message to the app about an upload is sent even if the client has left.
    if (x_.gone() && !is_message()) return State::client_gone;
    if (x_.half_closed() && !is_message() && half_closed_ == net::kNever) half_closed_ = now();
    // send_some() and receive_some() return true if they moved bytes. Moved bytes may make room for the other
    // direction.
    bool moved = true;
    int moves = 0;
    while (moved && state_ == State::going && ++moves < (compressor_ ? kCompressionsATurn : kMovesATurn)) {
        moved = sending_ == Sending::message && send_some();
        if (state_ == State::going && receiving_ != Receiving::done) moved = receive_some() || moved;
        if (receiving_ == Receiving::done) return state_ = State::complete;
    }
    wants_turn_ = moved;
    if (head_waits_ && !moved && state_ == State::going) send_head();
    return state_;
}

// Sends the answer's head before the first bytes of its body, which may come much later, for example in an event
// stream.
void Relay::send_head() {
    head_waits_ = false;
    std::string_view none;
    wrote(x_.write(none));
}

// --- the request

// Sends a part of the request. Returns true if more can be sent at once.
bool Relay::send_some() {
    if (!prefix_.empty()) return send_prefix();
    Exchange::Body body = poll_body();
    if (body == Exchange::Body::broken) return fail(State::client_gone);
    if (body == Exchange::Body::malformed) return fail(spooled_ ? State::body_lost : State::client_broken);
    if (body == Exchange::Body::complete && !message_finished_) {
        writer_.finish();
        message_finished_ = true;
    }
    std::string_view data = body == Exchange::Body::bytes ? body_bytes() : std::string_view{};
    std::size_t offered = data.size();
    std::uint64_t before = writer_.sent();
    net::Io status = writer_.write(data);
    if (std::size_t taken = offered - data.size(); taken > 0) consume_body(taken);
    if (writer_.sent() != before) progress_ = now();
    write_blocked_ = status == net::Io::blocked;
    if (status == net::Io::failed) {
        // The upstream may have answered early and closed the connection. Its answer still has to be read.
        sending_ = Sending::stopped;
        return true;
    }
    if (status == net::Io::done && body == Exchange::Body::complete) release_request();
    return status == net::Io::done && body == Exchange::Body::bytes;
}

Exchange::Body Relay::poll_body() {
    if (!spooled_) return has_whole_body() ? Exchange::Body::complete : x_.poll_body();
    switch (spooled_->poll()) {
        case SpoolReader::State::bytes: return Exchange::Body::bytes;
        case SpoolReader::State::pending: return Exchange::Body::pending;
        case SpoolReader::State::complete: return Exchange::Body::complete;
        case SpoolReader::State::failed: break;
    }
    return Exchange::Body::malformed;
}

void Relay::consume_body(std::size_t count) {
    if (spooled_) return spooled_->consume(count);
    body_touched_ = true;
    x_.consume_body(count);
}

void Relay::release_request() noexcept {
    sending_ = Sending::done;
    spooled_.reset();
    writer_.release();
    head_held_.set(0);
}

bool Relay::send_prefix() {
    std::uint64_t before = writer_.sent();
    net::Io status = writer_.write(prefix_);
    if (writer_.sent() != before) progress_ = now();
    write_blocked_ = status == net::Io::blocked;
    if (status == net::Io::failed) sending_ = Sending::stopped, prefix_ = {};
    return status != net::Io::blocked;
}

// --- the answer

bool Relay::receive_some() {
    if (receiving_ == Receiving::head) return receive_head();
    if (compressor_ && !compressor_->output().empty()) return send_compressed();
    if (receiving_ == Receiving::body) return relay_body();
    receiving_ = Receiving::done;
    x_.finish();
    return true;
}

// Reads from the upstream. Returns false if no bytes have arrived or if the connection has ended.
bool Relay::refill() {
    std::size_t limit = receiving_ == Receiving::head ? settings_.max_head : settings_.buffer;
    if (upstream_.input.size() >= limit) return fail(State::upstream_broken);
    bool much = receiving_ == Receiving::body && (left_ > net::BufferPool::kSize || filled_);
    net::Buffer::Room room = much ? net::Buffer::Room::ample : net::Buffer::Room::usual;
    net::IoResult result = upstream_.transport->receive(upstream_.input, limit, room);
    filled_ = result.bytes >= net::BufferPool::kSize;
    if (result.status == net::Io::done) {
        any_byte_ = true;
        progress_ = now();
        return true;
    }
    // After a failed write, the wait continues: an event will report that the upstream has closed the connection.
    if (result.status == net::Io::blocked) {
        // Flushes, so that better compression does not delay the bytes of an upstream that sends its answer in small
        // pieces.
        return compressor_ && compressor_->flush();
    }
    if (receiving_ == Receiving::body && head_.body.kind == http::Framing::Kind::until_close &&
        result.status == net::Io::ended) {
        end_of_answer();
        return true;
    }
    return fail(any_byte_ ? State::upstream_broken : State::upstream_closed);
}

bool Relay::receive_head() {
    switch (scanner_.scan(upstream_.input.view())) {
        case http::HeadScanner::Result::complete: return read_head(scanner_.length());
        case http::HeadScanner::Result::malformed: return fail(State::upstream_broken);
        case http::HeadScanner::Result::incomplete: return refill();
    }
    return false;
}

bool Relay::read_head(std::size_t length) {
    http::HeadLimits limits;
    limits.max_fields = kMaxAnswerFields;
    std::string_view bytes = upstream_.input.view().substr(0, length);
    if (http::parse_response(bytes, limits, x_.request().method, head_)) return fail(State::upstream_broken);
    if (head_.status < 200) return read_interim(length);
    take_final_head();
    // Nothing refers to the head's bytes any more: `bytes` and the fields are not used below.
    upstream_.input.consume(length);
    head_.fields.clear();
    receiving_ = Receiving::body;
    left_ = head_.body.kind == http::Framing::Kind::length ? head_.body.length : 0;
    return true;
}

bool Relay::read_interim(std::size_t length) {
    if (head_.status == 101) {
        if (!is_switch()) return fail(State::upstream_broken);
        append_answer_fields(head_, BodyFrom::upstream, settings_.rules, fields_, has_date_);
        append_upgrade(head_, fields_);
        upstream_.input.consume(length);
        return fail(State::switched);
    }
    if (length > interim_left_) return fail(State::upstream_broken);
    interim_left_ -= length;
    if (answer_by_ == net::kNever) answer_by_ = now() + kTimeoutsWithInterim * settings_.timeout;
    pass_interim();
    upstream_.input.consume(length);
    scanner_ = {};
    return true;
}

// Forwards an interim answer (RFC 9110 section 15.2). Does not forward a 100, since the edge sends its own 100 when it
// reads the body.
void Relay::pass_interim() {
    if (head_.status == kContinue || is_message() || x_.gone()) return;
    std::string fields;
    append_interim_fields(head_, settings_.rules, fields);
    x_.inform(head_.status, fields);
}

// True if a 101 is allowed: its protocol was named by the client, and the complete request was sent (RFC 9110 section
// 7.8).
bool Relay::is_switch() const {
    auto chosen = http::only_field(head_.fields, http::Name::upgrade);
    if (!chosen || sending_ != Sending::done) return false;
    std::string_view list = settings_.upgrade;
    while (auto element = http::next_element(list))
        if (http::equal_ignoring_case(*element, *chosen)) return true;
    return false;
}

void Relay::take_final_head() {
    auto file = http::only_field(head_.fields, http::Name::x_accel_redirect);
    if (file && head_.status == 200 && settings_.trusts_files) {
        file_ = *file;
        return take_file();
    }
    if (settings_.body && !settings_.body->conversation.empty() &&
        http::only_field(head_.fields, http::Name::bodega_body)) {
        discarding_ = has_reply_ = true;
        return;
    }
    if (is_message() && settings_.body->retry == Outgoing::Retry::unavailable && head_.status == 503) {
        discarding_ = is_lost_ = true;
        return;
    }
    bool compressed = choose_compression();
    if (compressed && head_.body.kind != http::Framing::Kind::none)
        compressor_ = std::make_unique<Gzip>(upstream_.input.buffer_pool());
    append_answer_fields(head_, BodyFrom::upstream, settings_.rules, fields_, has_date_);
    if (head_.status == kUpgradeRequired) append_upgrade(head_, fields_);
    Answer answer;
    answer.status = head_.status;
    answer.fields = fields_;
    answer.has_date = has_date_;
    if (head_.body.kind == http::Framing::Kind::length) answer.length = head_.body.length;
    else if (head_.body.kind == http::Framing::Kind::none) {
        // An answer to HEAD has no body, but its Content-Length may state the length that the answer to GET would have.
        auto length = http::only_field(head_.fields, http::Name::content_length);
        if (length) answer.length = http::decimal(*length);
    }
    if (compressed) answer.length = std::nullopt;
    x_.begin(answer);
    head_waits_ = true;
    // The head of a message is kept, since the message may have to be sent again.
    if (!is_message()) x_.release_head();
}

// Decides whether the answer is compressed. If it is, changes the answer's head, which then refers to etag_.
bool Relay::choose_compression() {
    if (settings_.compress_above == 0) return false;
    Compression compression = compression_of(x_.request(), head_, settings_.compress_above);
    if (compression == Compression::gzip && upstream_.input.buffer_pool().full()) compression = Compression::unwanted;
    announce(compression, head_, etag_);
    return compression == Compression::gzip;
}

void Relay::take_file() {
    discarding_ = true;
    append_answer_fields(head_, BodyFrom::file, settings_.rules, fields_, has_date_);
    etag_ = http::only_field(head_.fields, http::Name::etag).value_or("");
    type_ = http::only_field(head_.fields, http::Name::content_type).value_or("");
    if (auto size = http::only_field(head_.fields, http::Name::x_accel_size)) file_size_ = http::decimal(*size);
}

bool Relay::relay_body() {
    switch (head_.body.kind) {
        case http::Framing::Kind::none: end_of_answer(); return true;
        case http::Framing::Kind::length: {
            if (left_ == 0) {
                end_of_answer();
                return true;
            }
            if (upstream_.input.empty()) return refill();
            auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, upstream_.input.size()));
            return relay_bytes(count);
        }
        case http::Framing::Kind::until_close:
            return upstream_.input.empty() ? refill() : relay_bytes(upstream_.input.size());
        case http::Framing::Kind::chunked: break;
    }
    if (joined_ > 0) return relay_bytes(joined_);
    JoinedChunks joined = join_chunks(chunks_, upstream_.input);
    joined_ = joined.size;
    switch (joined.state) {
        case http::ChunkedDecoder::State::more: return refill();
        case http::ChunkedDecoder::State::data: return relay_bytes(joined_);
        case http::ChunkedDecoder::State::end: end_of_answer(); return true;
        case http::ChunkedDecoder::State::malformed: break;
    }
    return fail(State::upstream_broken);
}

// Sends `count` body bytes from the start of the upstream's buffer to the client.
bool Relay::relay_bytes(std::size_t count) {
    if (compressor_) return compress_bytes(count);
    std::string_view data = upstream_.input.view().substr(0, count);
    Exchange::Write status = Exchange::Write::done;
    if (discarding_) data = {};
    else status = x_.write(data);
    took(count - data.size());
    return wrote(status);
}

// Compresses up to `count` body bytes from the start of the upstream's buffer. send_compressed() sends the output
// later.
bool Relay::compress_bytes(std::size_t count) {
    count = std::min(count, Gzip::kPiece);
    compressor_->add(upstream_.input.view().substr(0, count));
    took(count);
    return true;
}

bool Relay::send_compressed() {
    std::string_view data = compressor_->output();
    std::size_t before = data.size();
    Exchange::Write status = x_.write(data);
    compressor_->take(before - data.size());
    return wrote(status);
}

void Relay::took(std::size_t count) noexcept {
    upstream_.input.consume(count);
    if (head_.body.kind == http::Framing::Kind::length) left_ -= count;
    if (head_.body.kind == http::Framing::Kind::chunked) joined_ -= count;
}

// Handles the result of a write to the client. Returns true if all bytes were written.
bool Relay::wrote(Exchange::Write status) noexcept {
    head_waits_ = false;
    client_blocked_ = status == Exchange::Write::blocked;
    // The client delays the answer, so the upstream's timeout starts again.
    if (client_blocked_) progress_ = now();
    if (status == Exchange::Write::gone) return fail(State::client_gone);
    return status == Exchange::Write::done;
}

void Relay::end_of_answer() {
    if (compressor_) {
        compressor_->finish();
        receiving_ = Receiving::compressed_rest;
        return;
    }
    receiving_ = Receiving::done;
    if (!discarding_) x_.finish();
}

bool Relay::reusable() const noexcept {
    return sending_ == Sending::done && head_.keep_alive && upstream_.input.empty() &&
           !upstream_.transport->peer_closed();
}

// --- deadlines

net::Moment Relay::deadline() const noexcept {
    net::Moment until = is_message() ? net::kNever : x_.deadline();
    bool on_disk = spooled_ && spooled_->waits_for_disk();
    bool waits_for_upstream = !client_blocked_ && (on_disk || write_blocked_ || sending_ != Sending::message);
    if (waits_for_upstream) until = std::min(until, progress_ + settings_.timeout);
    if (waits_for_upstream && receiving_ == Receiving::head) until = std::min(until, answer_by_);
    if (half_closed_ != net::kNever && !x_.begun()) until = std::min(until, half_closed_ + kHalfClosedGrace);
    return until;
}

Relay::State Relay::expired() const noexcept {
    if (!is_message() && x_.deadline() <= now()) return State::client_slow;
    if (half_closed_ != net::kNever && !x_.begun() && half_closed_ + kHalfClosedGrace <= now())
        return State::client_gone;
    if (spooled_ && spooled_->waits_for_disk()) return State::body_lost;
    return State::upstream_slow;
}

}  // namespace bodega::edge
