#include "edge/http1.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "edge/answer.h"

namespace bodega::edge {
namespace {

// Lingering close: how long the client may take to notice the answer and stop sending.
constexpr Moment kLingerQuiet = 2000;
constexpr Moment kLingerLimit = 10000;
constexpr Moment kDrainPatience = 1000;
// After this head or less the memory of an exchange stays with the connection for the next one.
constexpr std::size_t kKeptHead = 1024;

bool begins_like_head(std::string_view bytes) noexcept {
    return bytes.empty() || (bytes.front() >= 'A' && bytes.front() <= 'Z') || bytes.front() == '\r' ||
           (bytes.front() > ' ' && bytes.front() < 0x7f);
}

Detached serve_detached(std::unique_ptr<Http1> connection) {
    try {
        co_await connection->serve();
    } catch (const std::exception& e) {
        base::log::error("edge", "a connection ended in an error", {{"error", e.what()}});
    }
}

}  // namespace

void serve_http1(std::unique_ptr<Http1> connection) { serve_detached(std::move(connection)); }

Http1::Http1(Worker& worker, base::Fd fd, std::string address, Place place)
    : worker_(worker),
      address_(std::move(address)),
      place_(std::move(place)),
      waiter_(worker.loop),
      socket_(worker.loop, std::move(fd), Socket::Writable::always, &waiter_),
      input_(worker.blocks),
      output_(socket_) {
    worker_.connections.add(*this);
}

Http1::~Http1() { worker_.connections.remove(*this); }

void Http1::end_if_idle() noexcept {
    if (!idle_) return;
    ending_ = true;
    waiter_.notify();
}

Task<void> Http1::serve() {
    // g++ 12 lays out a frame wrongly for a co_await in an `if` condition: await first, look then.
    bool more = co_await next_request();
    while (more) {
        co_await run_handler();
        more = co_await end_exchange();
        if (more) more = co_await next_request();
    }
    if (refused_ || (begun_ && !body_complete_)) co_await linger();
}

// --- the head

Task<bool> Http1::next_request() {
    reset();
    for (;;) {
        Head head = look_for_head();
        if (head == Head::request) co_return true;
        if (head == Head::refused) {
            co_await flush();
            co_return false;
        }
        if (receive_head()) continue;
        if (gone_ || ending_ || (idle_ && begun_before_ && worker_.draining)) co_return false;
        input_.park();
        Wake wake = co_await waiter_.wait(head_deadline_);
        if (!on_head_wake(wake)) {
            co_await flush();
            co_return false;
        }
    }
}

void Http1::reset() {
    scanner_ = {};
    chunks_ = {};
    begun_ = finished_ = body_complete_ = body_ended_ = continue_due_ = keep_ = skipped_line_ = false;
    bodiless_ = false;
    body_ready_ = 0;
    body_deadline_ = send_deadline_ = kNever;
    answer_sent_ = 0;
    begun_before_ = began_ != 0;
    request_.clear();
    if (head_.capacity() > kKeptHead) head_ = {};
    idle_ = input_.empty();
    const config::Edge& settings = worker_.options.settings;
    head_deadline_ = now() + (idle_ ? settings.idle_timeout : settings.head_timeout).count();
    // One that was still in the backlog when the drain began is served, if it has something to ask.
    if (worker_.draining) head_deadline_ = std::min(head_deadline_, now() + kDrainPatience);
    if (idle_) worker_.connections.mark_idle(*this);
}

// Reads what there is; false if there is nothing to look at yet (or ever: gone_).
bool Http1::receive_head() {
    IoResult result = socket_.receive(input_, static_cast<std::size_t>(worker_.options.settings.max_head));
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
        case HeadScanner::Result::complete: return take_head();
        case HeadScanner::Result::malformed: return refuse({400, "A line does not end in CRLF."});
        case HeadScanner::Result::incomplete: break;
    }
    if (!begins_like_head(input_.view())) return refuse({400, "The request line is malformed."});
    if (input_.size() < static_cast<std::size_t>(worker_.options.settings.max_head)) return Head::none;
    if (!scanner_.has_line()) return refuse({414, "The request target is too long."});
    return refuse({431, "The request head is too long."});
}

Http1::Head Http1::take_head() {
    // Kept apart from input_, through which the body will flow.
    head_.assign(input_.view().substr(0, scanner_.length()));
    input_.consume(scanner_.length());
    HeadLimits limits;
    limits.max_fields = static_cast<std::size_t>(worker_.options.settings.max_fields);
    if (auto refusal = parse_request(head_, limits, request_)) return refuse(*refusal);
    Counters::add(worker_.counters.requests);
    worker_.ids.next(request_id_);
    began_ = now();
    keep_ = request_.keep_alive && !worker_.draining;
    body_complete_ = request_.body.kind == Framing::Kind::none;
    body_left_ = request_.body.length;
    continue_due_ = request_.expects_continue;
    return Head::request;
}

Http1::Head Http1::refuse(const Refusal& refusal) {
    Counters::add(worker_.counters.bad_requests);
    refused_ = true;
    keep_ = false;
    request_.keep_alive = false;
    if (request_id_.empty()) worker_.ids.next(request_id_);
    answer_error(*this, refusal.status, refusal.reason);
    return Head::refused;
}

// Whether to go on waiting for a head.
bool Http1::on_head_wake(Wake wake) {
    if (wake == Wake::event) return true;
    if (wake == Wake::deadline && !idle_) refuse({408, "The request head took too long."});
    return false;
}

// --- the exchange as a whole

Task<void> Http1::run_handler() {
    std::string failure;
    try {
        co_await worker_.handler->handle(*this);
    } catch (const std::exception& e) {
        failure = e.what();
    }
    if (failure.empty()) co_return;
    base::log::error("edge", "a request failed", {{"request_id", request_id_}, {"error", failure}});
    if (!begun_) answer_error(*this, 500, "Something went wrong here.");
}

Task<bool> Http1::end_exchange() {
    bool whole = co_await flush();
    whole = whole && finished_;
    log_access();
    if (!whole || gone_ || waiter_.cancelled()) {
        begun_ = false;  // nothing to linger for: the client has to see that it was cut
        co_return false;
    }
    if (!discard_body()) keep_ = false;
    co_return keep_;
}

Task<bool> Http1::flush() {
    std::string_view none;
    for (;;) {
        switch (write(none)) {
            case Write::done: co_return true;
            case Write::gone: co_return false;
            case Write::blocked: break;
        }
        Wake wake = co_await waiter_.wait(send_deadline_);
        if (wake != Wake::event) co_return false;
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

// The answer went out before the body came in: closing now would reset the connection, and the reset could
// overtake the answer (RFC 9112 section 9.6).
Task<void> Http1::linger() {
    socket_.shut_writing();
    Moment limit = now() + kLingerLimit;
    for (;;) {
        input_.release();
        IoResult result = socket_.receive(input_, Blocks::kSize);
        if (result.status == Io::done) continue;
        if (result.status != Io::blocked) co_return;
        input_.release();
        Wake wake = co_await waiter_.wait(std::min(limit, now() + kLingerQuiet));
        if (wake != Wake::event || now() >= limit) co_return;
    }
}

void Http1::log_access() const {
    if (!worker_.options.on_access) return;
    Access access;
    access.method = request_.method_name;
    access.path = request_.path;
    access.status = status_;
    access.bytes = answer_sent_;
    access.milliseconds = now() - began_;
    access.address = address_;
    access.request_id = request_id_;
    worker_.options.on_access(access);
}

}  // namespace bodega::edge
