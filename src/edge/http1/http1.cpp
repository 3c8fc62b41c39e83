#include "edge/http1/http1.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "edge/exchange/answer.h"
#include "edge/exchange/handler.h"
#include "edge/exchange/kept_head.h"
#include "edge/exchange/overload.h"
#include "edge/exchange/report.h"
#include "edge/http2/http2_connection.h"
#include "http/parser.h"
#include "http/request_id.h"
#include "http/syntax.h"
#include "net/linger.h"

namespace bodega::edge {
namespace {

// How long a lingering close lasts, in ms. In this time the client can notice the answer and stop sending.
constexpr net::Moment kLingerLimit = 10000;
constexpr net::Moment kDrainGrace = 1000;
constexpr net::Moment kReleaseAfter = 3000;

bool begins_like_head(std::string_view bytes) noexcept {
    return bytes.empty() || (bytes.front() >= 'A' && bytes.front() <= 'Z') || bytes.front() == '\r' ||
           (bytes.front() > ' ' && bytes.front() < 0x7f);
}

net::Detached serve_detached(std::unique_ptr<Http1> connection) {
    try {
        co_await connection->serve();
        if (connection->is_http2()) serve_http2(connection->to_http2());
    } catch (const std::exception& e) {
        base::log::error("edge", "an HTTP/1.1 connection failed", {{"error", e.what()}});
    }
}

}  // namespace

void serve_http1(std::unique_ptr<Http1> connection) { serve_detached(std::move(connection)); }

Http1::Http1(LoopContext& context, std::unique_ptr<net::Transport> transport, Peer peer, Place place)
    : context_(context),
      peer_(std::move(peer)),
      place_(std::move(place)),
      wakeup_(context.loop),
      transport_(std::move(transport)),
      ledger_(context.buffer_pool),
      texts_(ledger_),
      input_(context.buffer_pool, ledger_),
      output_(*transport_, FramedWriter::Small::joins) {
    transport_->notify_to(&wakeup_);
    context_.connections.add(*this);
    error_pages_ = &context_.error_pages;
    site_ = &context_.options.site;
    update_peer_trust();
}

Http1::~Http1() { context_.connections.remove(*this); }

// Checks by the current settings whether the peer is a trusted proxy.
void Http1::update_peer_trust() {
    reloads_ = context_.reloads;
    client_ =
        context_.trust && context_.trust->trusts(peer_) ? std::make_unique<http::ForwardedClient>(proxy()) : nullptr;
}

// Returns the trusted proxy itself as the client, for the time before a request's head names the client behind it.
http::ForwardedClient Http1::proxy() const { return {peer_.address, peer_.secure ? "https" : "http"}; }

void Http1::end_if_idle() noexcept {
    if (!current_.idle) return;
    ending_ = true;
    wakeup_.notify();
}

// Serves one request after the other. The steps that every request needs are in this coroutine, so that they share one
// frame. Rare steps have their own coroutines.
net::Task<void> Http1::serve() {
    do {
        begin_request();
        Head head = read_head();
        while (head == Head::none) {
            net::Wake wake = co_await wakeup_.wait(before_head_wait());
            head = on_head_wake(wake) ? read_head() : Head::end;
        }
        is_http2_ = head == Head::http2;
        if (head != Head::request) break;
        std::string failure;
        try {
            co_await context_.handler->handle(*this);
        } catch (const std::exception& e) {
            failure = e.what();
        }
        if (!failure.empty()) on_failure(failure);
        if (output_.pending()) co_await flush();
        // Give other connections a turn. A client that pipelines endlessly would otherwise monopolise the event loop.
        if (!input_.empty()) co_await wakeup_.next_turn();
    } while (end_exchange());
    if (output_.pending()) co_await flush();
    if (current_.refused) end_refusal();
    // The answer was sent before the request's body had arrived. Linger, so that closing does not reset the connection
    // before the client has read the answer.
    if (current_.lingers()) {
        input_.release();
        co_await net::linger(*transport_, context_.buffer_pool, wakeup_, kLingerLimit);
    } else if (!current_.cut && !output_.pending()) transport_->close_notify();
}

// --- the head

// Reads until the head is complete. Returns Head::none if it has to wait for more bytes.
Http1::Head Http1::read_head() {
    for (;;) {
        Head head = find_head();
        if (head != Head::none) return head;
        if (receive_head()) continue;
        if (current_.overloaded) return reject_overload();
        return gone_ || ending_ ? Head::end : Head::none;
    }
}

// Frees memory that is not needed during the wait for a head. Returns the deadline of the wait.
net::Moment Http1::before_head_wait() {
    input_.park();
    if (!current_.idle || current_.released) return current_.head_deadline;
    return std::min(current_.head_deadline, now() + kReleaseAfter);
}

// Frees almost all memory of a connection that has been idle for a long time.
void Http1::release_buffers() {
    current_.released = true;
    std::string().swap(current_.head);
    request_ = {};
    output_.release();
    count_held();
}

void Http1::count_held() noexcept {
    texts_.set(current_.head.capacity() + memory_of(request_.fields) + output_.capacity());
}

void Http1::release_head() {
    if (current_.head.size() <= kSmallHead) return;
    current_.head = keep_for_log(request_);
    count_held();
}

void Http1::begin_request() {
    forget_request();
    current_ = Request{.head = std::move(current_.head), .idle = input_.empty()};  // reuses the memory of the last head
    if (client_) *client_ = proxy();
    const config::Edge& settings = context_.options.settings;
    current_.head_deadline = now() + (current_.idle ? settings.idle_timeout : settings.head_timeout).count();
    // During a drain, a connection still has kDrainGrace to send a request. It may come from the backlog, or its client
    // may not know of the drain yet.
    if (context_.draining) current_.head_deadline = std::min(current_.head_deadline, now() + kDrainGrace);
    if (current_.idle) context_.connections.mark_idle(*this);
}

// Reads bytes of the head. Returns false if no bytes have arrived. Sets gone_ or overloaded if no more will be read.
bool Http1::receive_head() {
    // A head that has not begun is rejected when memory is full, since it would need a new block. A head that has
    // partly arrived already has a block, so reading continues.
    current_.overloaded = input_.capacity() == 0 && transport_->readable() && context_.buffer_pool.full();
    if (current_.overloaded) {
        relieve(context_);
        return false;
    }
    net::IoResult result = transport_->receive(input_, static_cast<std::size_t>(context_.options.settings.max_head));
    if (result.status == net::Io::ended || result.status == net::Io::failed) gone_ = true;
    if (result.status != net::Io::done) return false;
    if (current_.idle) {
        current_.idle = false;
        context_.connections.mark_busy(*this);
        current_.head_deadline = now() + context_.options.settings.head_timeout.count();
    }
    return true;
}

Http1::Head Http1::find_head() {
    if (input_.empty()) return Head::none;
    // Ignores an empty line before the request line (RFC 9112 section 2.2). Known clients send at most one.
    if (!current_.skipped_line && input_.view().starts_with("\r\n")) {
        input_.consume(2);
        current_.skipped_line = true;
    }
    switch (current_.scanner.scan(input_.view())) {
        case http::HeadScanner::Result::complete: return begins_http2() ? Head::http2 : take_head();
        case http::HeadScanner::Result::malformed: return refuse({400, "A line does not end in CRLF."});
        case http::HeadScanner::Result::incomplete: break;
    }
    if (!begins_like_head(input_.view())) return refuse({400, "The request line is malformed."});
    if (input_.size() < static_cast<std::size_t>(context_.options.settings.max_head)) return Head::none;
    if (http::span_of(input_.view(), http::kToken) > http::kMaxMethod)
        return refuse({501, "The method is too long: no known method has this length."});
    if (!current_.scanner.has_line()) return refuse({414, "The request target is too long."});
    return refuse({431, "The request head is too long."});
}

// True for a client with prior knowledge of HTTP/2 (RFC 9113 section 3.3). Over TLS, ALPN has already negotiated the
// protocol.
bool Http1::begins_http2() const noexcept {
    constexpr std::string_view kFirst = Http2FrameWalk::kPreface.substr(0, 18);
    if (!fresh_ || peer_.secure || context_.options.settings.http2 != "on") return false;
    return input_.view().starts_with(kFirst) && current_.scanner.length() == kFirst.size();
}

std::unique_ptr<Http2Connection> Http1::to_http2() {
    return std::make_unique<Http2Connection>(context_, std::move(transport_), std::move(peer_), std::move(place_),
                                             input_.view());
}

Http1::Head Http1::take_head() {
    fresh_ = false;
    stats_.begin();
    // Copies the head out of input_, which will receive the body.
    current_.head.assign(input_.view().substr(0, current_.scanner.length()));
    input_.consume(current_.scanner.length());
    http::HeadLimits limits;
    limits.max_fields = static_cast<std::size_t>(context_.options.settings.max_fields);
    if (reloads_ != context_.reloads) update_peer_trust();
    limits.carrier = peer_.secure || client_ ? http::Carrier::secure : http::Carrier::plain;
    auto refusal = http::parse_request(current_.head, limits, request_);
    count_held();
    if (refusal) return refuse(*refusal);
    if (client_) *client_ = context_.trust->client_behind(peer_, request_.fields);
    context_.counters.requests.add();
    // Uses the request id of a trusted proxy, so that the proxy's log and the edge's log have the same id.
    auto given = client_ ? http::only_field(request_.fields, http::Name::x_request_id) : std::nullopt;
    if (given && http::is_request_id(*given)) request_id_ = *given;
    else context_.ids.next(request_id_);
    stats_.protocol = request_.minor == 0 ? "HTTP/1.0" : "HTTP/1.1";
    stats_.tls = peer_.tls;
    current_.keep = request_.keep_alive && !context_.draining;
    current_.body_complete = request_.body.kind == http::Framing::Kind::none;
    current_.body_left = request_.body.length;
    current_.continue_due = request_.expects_continue;
    return Head::request;
}

Http1::Head Http1::refuse(const http::Refusal& refusal) {
    context_.counters.bad_requests.add();
    stats_.begin();
    current_.refused = true;
    current_.keep = false;
    request_.keep_alive = false;
    context_.ids.next(request_id_);
    answer_error(*this, refusal.status, refusal.reason);
    return Head::refused;
}

// Answers 503 without reading the request, since an answer needs less memory than the request.
Http1::Head Http1::reject_overload() {
    context_.counters.over_memory.add();
    stats_.begin();
    current_.refused = true;
    current_.keep = false;
    context_.ids.next(request_id_);
    answer_error(*this, 503, "The server is busy. Try again in a moment.", 2);
    return Head::refused;
}

// Called when a wait for the head ends. Returns true if reading should continue.
bool Http1::on_head_wake(net::Wake wake) {
    if (wake == net::Wake::event) return true;
    if (wake == net::Wake::cancelled) return false;
    if (now() < current_.head_deadline) {
        release_buffers();
        return true;
    }
    if (!current_.idle) refuse({408, "The request head took too long."});
    return false;
}

// --- the end of an exchange

void Http1::on_failure(const std::string& what) {
    base::log::error("edge", "a request failed", {{"request_id", request_id_}, {"error", what}});
    if (!current_.begun) answer_error(*this, 500, "Something went wrong on the server; its log has the details.");
}

// Ends the exchange. Returns true if the connection serves another request.
bool Http1::end_exchange() {
    stats_.whole = current_.finished && !gone_ && !output_.pending() && !wakeup_.cancelled();
    report(context_, *this);
    if (!stats_.whole) {
        current_.cut = true;  // closes at once, so that the client sees that the answer is truncated
        return false;
    }
    if (!discard_body()) current_.keep = false;
    return current_.keep;
}

void Http1::end_refusal() {
    stats_.whole = !output_.pending();
    report(context_, *this);
}

net::Task<void> Http1::flush() {
    std::string_view none;
    while (write(none) == Write::blocked) {
        net::Wake wake = co_await wakeup_.wait(current_.sending.deadline());
        if (wake != net::Wake::event) co_return;
    }
}

// Drops the part of an unread body that has arrived. Returns true if the body is complete after that.
bool Http1::discard_body() {
    current_.continue_due = false;
    std::uint64_t dropped = 0;
    while (dropped < static_cast<std::uint64_t>(context_.options.settings.buffer)) {
        if (poll_body() != Body::bytes) break;
        dropped += current_.body_ready;
        consume_body(current_.body_ready);
    }
    return current_.body_complete;
}

}  // namespace bodega::edge
