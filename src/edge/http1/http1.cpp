#include "edge/http1/http1.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "edge/exchange/answer.h"
#include "edge/http2/http2_connection.h"
#include "edge/exchange/kept_head.h"
#include "net/linger.h"
#include "edge/exchange/overload.h"
#include "edge/exchange/report.h"
#include "http/parser.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

// Lingering close: how long the client may take to notice the answer and stop sending.
constexpr Moment kLingerLimit = 10000;
constexpr Moment kDrainPatience = 1000;
constexpr Moment kLeanAfter = 3000;

bool begins_like_head(std::string_view bytes) noexcept {
    return bytes.empty() || (bytes.front() >= 'A' && bytes.front() <= 'Z') || bytes.front() == '\r' ||
           (bytes.front() > ' ' && bytes.front() < 0x7f);
}

Detached serve_detached(std::unique_ptr<Http1> connection) {
    try {
        co_await connection->serve();
        if (connection->met_http2()) serve_http2(connection->to_http2());
    } catch (const std::exception& e) {
        base::log::error("edge", "a connection ended in an error", {{"error", e.what()}});
    }
}

}  // namespace

void serve_http1(std::unique_ptr<Http1> connection) { serve_detached(std::move(connection)); }

Http1::Http1(Worker& worker, std::unique_ptr<Stream> stream, Peer peer, Place place)
    : worker_(worker),
      peer_(std::move(peer)),
      place_(std::move(place)),
      waiter_(worker.loop),
      stream_(std::move(stream)),
      ledger_(worker.blocks),
      texts_(ledger_),
      input_(worker.blocks, ledger_),
      output_(*stream_, FramedWriter::Small::joins) {
    stream_->notify_to(&waiter_);
    worker_.connections.add(*this);
    error_pages_ = &worker_.error_pages;
    look_at_peer();
}

Http1::~Http1() { worker_.connections.remove(*this); }

// Whether its word on the client counts, by the settings as they are now.
void Http1::look_at_peer() {
    reloads_ = worker_.reloads;
    client_ = worker_.trust && worker_.trust->holds(peer_) ? std::make_unique<http::ForwardedClient>() : nullptr;
    if (client_) client_->address = peer_.address;
}

void Http1::end_if_idle() noexcept {
    if (!idle_) return;
    ending_ = true;
    waiter_.notify();
}

// One frame for what every request goes through; what is rare has a coroutine of its own.
Task<void> Http1::serve() {
    do {
        reset();
        Head head = read_head();
        while (head == Head::none) {
            Wake wake = co_await waiter_.wait(before_head_wait());
            head = on_head_wake(wake) ? read_head() : Head::end;
        }
        met_http2_ = head == Head::http2;
        if (head != Head::request) break;
        std::string failure;
        try {
            co_await worker_.handler->handle(*this);
        } catch (const std::exception& e) {
            failure = e.what();
        }
        if (!failure.empty()) on_failure(failure);
        if (output_.pending()) co_await flush();
        // A client that pipelines without end must not keep the loop to itself.
        if (!input_.empty()) co_await waiter_.next_turn();
    } while (end_exchange());
    if (output_.pending()) co_await flush();
    if (refused_) end_refusal();
    // The answer went out before the body came in.
    if (refused_ || (begun_ && !body_complete_)) {
        input_.release();
        co_await linger(*stream_, worker_.blocks, waiter_, kLingerLimit);
    } else if (!cut_ && !output_.pending()) stream_->say_goodbye();
}

// --- the head

// What there is of a head, reading more of it; none: wait.
Http1::Head Http1::read_head() {
    for (;;) {
        Head head = look_for_head();
        if (head != Head::none) return head;
        if (receive_head()) continue;
        if (overloaded_) return shed();
        return gone_ || ending_ ? Head::end : Head::none;
    }
}

// Gives memory back and says until when to wait.
Moment Http1::before_head_wait() {
    input_.park();
    if (!idle_ || lean_) return head_deadline_;
    return std::min(head_deadline_, now() + kLeanAfter);
}

// An idle connection of long standing keeps next to nothing.
void Http1::become_lean() {
    lean_ = true;
    std::string().swap(head_);
    request_ = {};
    output_.release();
    count_held();
}

void Http1::count_held() noexcept { texts_.set(head_.capacity() + memory_of(request_.fields) + output_.capacity()); }

void Http1::release_head() {
    if (head_.size() <= kSmallHead) return;
    head_ = keep_for_log(request_);
    count_held();
}

void Http1::reset() {
    scanner_ = {};
    chunks_ = {};
    begun_ = finished_ = body_complete_ = body_ended_ = continue_due_ = keep_ = skipped_line_ = false;
    bodiless_ = body_filled_ = switched_ = false;
    body_ready_ = 0;
    receiving_ = {};
    sending_ = {};
    request_.clear();
    idle_ = input_.empty();
    lean_ = false;
    const config::Edge& settings = worker_.options.settings;
    head_deadline_ = now() + (idle_ ? settings.idle_timeout : settings.head_timeout).count();
    // One that was still in the backlog when the drain began is served, if it has something to ask; and so is one more
    // request of a client that was not told that its connection ends.
    if (worker_.draining) head_deadline_ = std::min(head_deadline_, now() + kDrainPatience);
    if (idle_) worker_.connections.mark_idle(*this);
}

// Reads what there is; false if there is nothing to look at yet (or ever: gone_, overloaded_).
bool Http1::receive_head() {
    // A head that is on its way goes on; a new one would take a block of its own.
    overloaded_ = input_.capacity() == 0 && stream_->readable() && worker_.blocks.full();
    if (overloaded_) {
        relieve(worker_);
        return false;
    }
    IoResult result = stream_->receive(input_, static_cast<std::size_t>(worker_.options.settings.max_head));
    if (result.status == Io::ended || result.status == Io::failed) gone_ = true;
    if (result.status != Io::done) return false;
    if (idle_) {
        idle_ = false;
        worker_.connections.mark_busy(*this);
        head_deadline_ = now() + worker_.options.settings.head_timeout.count();
    }
    return true;
}

Http1::Head Http1::look_for_head() {
    if (input_.empty()) return Head::none;
    // RFC 9112 section 2.2: an empty line before the request line is ignored; one is enough for the clients meant.
    if (!skipped_line_ && input_.view().starts_with("\r\n")) {
        input_.consume(2);
        skipped_line_ = true;
    }
    switch (scanner_.scan(input_.view())) {
        case http::HeadScanner::Result::complete: return begins_http2() ? Head::http2 : take_head();
        case http::HeadScanner::Result::malformed: return refuse({400, "A line does not end in CRLF."});
        case http::HeadScanner::Result::incomplete: break;
    }
    if (!begins_like_head(input_.view())) return refuse({400, "The request line is malformed."});
    if (input_.size() < static_cast<std::size_t>(worker_.options.settings.max_head)) return Head::none;
    if (http::span_of(input_.view(), http::kToken) > http::kMaxMethod)
        return refuse({501, "The method is longer than any that is known here."});
    if (!scanner_.has_line()) return refuse({414, "The request target is too long."});
    return refuse({431, "The request head is too long."});
}

// RFC 9113 section 3.3, by prior knowledge: under TLS the protocol was agreed on before.
bool Http1::begins_http2() const noexcept {
    constexpr std::string_view kFirst = Http2FrameWalk::kPreface.substr(0, 18);
    if (!fresh_ || peer_.secure || worker_.options.settings.http2 != "on") return false;
    return input_.view().starts_with(kFirst) && scanner_.length() == kFirst.size();
}

std::unique_ptr<Http2Connection> Http1::to_http2() {
    return std::make_unique<Http2Connection>(worker_, std::move(stream_), std::move(peer_), std::move(place_),
                                             input_.view());
}

Http1::Head Http1::take_head() {
    fresh_ = false;
    // Kept apart from input_, through which the body will flow.
    trail_.begin();
    head_.assign(input_.view().substr(0, scanner_.length()));
    input_.consume(scanner_.length());
    http::HeadLimits limits;
    limits.max_fields = static_cast<std::size_t>(worker_.options.settings.max_fields);
    if (reloads_ != worker_.reloads) look_at_peer();
    limits.carrier = peer_.secure || client_ ? http::Carrier::secure : http::Carrier::plain;
    auto refusal = http::parse_request(head_, limits, request_);
    count_held();
    if (refusal) return refuse(*refusal);
    if (client_) *client_ = worker_.trust->client_behind(peer_, request_.fields);
    worker_.counters.requests.add();
    // A trusted proxy's is kept, so that its log and ours tell of the same request.
    auto given = client_ ? http::only_field(request_.fields, http::Name::x_request_id) : std::nullopt;
    if (given && is_request_id(*given)) request_id_ = *given;
    else worker_.ids.next(request_id_);
    trail_.protocol = request_.minor == 0 ? "HTTP/1.0" : "HTTP/1.1";
    trail_.tls = peer_.tls;
    keep_ = request_.keep_alive && !worker_.draining;
    body_complete_ = request_.body.kind == http::Framing::Kind::none;
    body_left_ = request_.body.length;
    continue_due_ = request_.expects_continue;
    return Head::request;
}

Http1::Head Http1::refuse(const http::Refusal& refusal) {
    worker_.counters.bad_requests.add();
    trail_.begin();
    refused_ = true;
    keep_ = false;
    request_.keep_alive = false;
    worker_.ids.next(request_id_);
    answer_error(*this, refusal.status, refusal.reason);
    return Head::refused;
}

// Nothing of it was read: answering costs less than what it would take.
Http1::Head Http1::shed() {
    worker_.counters.over_memory.add();
    refused_ = true;
    keep_ = false;
    if (request_id_.empty()) worker_.ids.next(request_id_);
    answer_error(*this, 503, "The server is busy. Try again in a moment.", 2);
    return Head::refused;
}

// Whether to go on with the head.
bool Http1::on_head_wake(Wake wake) {
    if (wake == Wake::event) return true;
    if (wake == Wake::cancelled) return false;
    if (now() < head_deadline_) {
        become_lean();
        return true;
    }
    if (!idle_) refuse({408, "The request head took too long."});
    return false;
}

// --- the exchange as a whole

void Http1::on_failure(const std::string& what) {
    base::log::error("edge", "a request failed", {{"request_id", request_id_}, {"error", what}});
    if (!begun_) answer_error(*this, 500, "Something went wrong here.");
}

// Whether the connection serves another request.
bool Http1::end_exchange() {
    trail_.whole = finished_ && !gone_ && !output_.pending() && !waiter_.cancelled();
    report(worker_, *this);
    if (!trail_.whole) {
        begun_ = false;  // nothing to linger for: the client has to see that it was cut
        cut_ = true;
        return false;
    }
    if (!discard_body()) keep_ = false;
    return keep_;
}

void Http1::end_refusal() {
    trail_.whole = !output_.pending();
    report(worker_, *this);
}

Task<void> Http1::flush() {
    std::string_view none;
    while (write(none) == Write::blocked) {
        Wake wake = co_await waiter_.wait(sending_.deadline());
        if (wake != Wake::event) co_return;
    }
}

// Drops what has arrived of an unread body; true if that was all of it.
bool Http1::discard_body() {
    continue_due_ = false;
    std::uint64_t dropped = 0;
    while (dropped < static_cast<std::uint64_t>(worker_.options.settings.buffer)) {
        if (poll_body() != Body::bytes) break;
        dropped += body_ready_;
        consume_body(body_ready_);
    }
    return body_complete_;
}

}  // namespace bodega::edge
