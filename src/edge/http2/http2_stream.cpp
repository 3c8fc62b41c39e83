#include "edge/http2/http2_stream.h"

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "edge/exchange/answer.h"
#include "edge/exchange/handler.h"
#include "edge/exchange/kept_head.h"
#include "edge/exchange/report.h"
#include "edge/observe/request_id.h"
#include "http/request_id.h"

namespace bodega::edge {
namespace {

constexpr std::size_t kCoroutines = 3 << 10;  // estimated bytes of the coroutine frames that answer a request

std::size_t max_head(const LoopContext& context) noexcept {
    return static_cast<std::size_t>(context.options.settings.max_head);
}

}  // namespace

Http2Stream::Http2Stream(Http2Connection& connection, std::int32_t id)
    : connection_(connection),
      id_(id),
      wakeup_(connection.context_.loop),
      head_(max_head(connection.context_)),
      own_(connection.ledger_),
      body_(connection.context_.buffer_pool, connection.ledger_),
      window_(static_cast<std::int32_t>(nghttp2_session_get_stream_local_window_size(connection.session_.get(), id))) {
    error_pages_ = &connection_.context_.error_pages;
    site_ = &connection_.context_.options.site;
    count_held();
    nghttp2_session_set_stream_user_data(connection_.session_.get(), id_, this);
}

Http2Stream::~Http2Stream() {
    nghttp2_session* session = connection_.session_.get();
    if (!closed_) nghttp2_session_set_stream_user_data(session, id_, nullptr);
    if (!body_.empty()) nghttp2_session_consume(session, id_, body_.size());
    if (started_) connection_.remove(*this);
}

// --- called by the connection

void Http2Stream::count_held() noexcept {
    own_.set(sizeof *this + kCoroutines + head_.memory() + memory_of(request_.fields) + small_.capacity());
}

void Http2Stream::on_field(std::string_view name, std::string_view value) {
    head_.add(name, value);
    count_held();
}

void Http2Stream::release_head() {
    if (head_.memory() <= kSmallHead) return;
    head_.replace(keep_for_log(request_));
    count_held();
}

void Http2Stream::on_head(Http2Head::Ends ends) {
    LoopContext& c = context();
    stats_.begin();
    stats_.protocol = "HTTP/2";
    stats_.tls = peer().tls;
    http::HeadLimits limits;
    limits.max_fields = static_cast<std::size_t>(c.options.settings.max_fields);
    refusal_ = head_.parse(limits, ends, request_);
    count_held();
    if (c.trust && c.trust->trusts(peer()))
        client_ = std::make_unique<http::ForwardedClient>(c.trust->client_behind(peer(), request_.fields));
    // Uses the request id of a trusted proxy, so that the proxy's log and the edge's log have the same id.
    auto given = client_ ? http::only_field(request_.fields, http::Name::x_request_id) : std::nullopt;
    if (given && http::is_request_id(*given)) request_id_ = *given;
    else c.ids.next(request_id_);
    (refusal_ ? c.counters.bad_requests : c.counters.requests).add();
    body_complete_ =
        ends == Http2Head::Ends::with_its_head || (!refusal_ && request_.body.kind == http::Framing::Kind::none);
    continue_due_ = request_.expects_continue;
}

// Stores received bytes of the body. Their number is limited by the stream's flow-control window.
void Http2Stream::on_body(std::string_view bytes) {
    const std::size_t whole = bytes.size();
    while (!bytes.empty()) {
        std::span<char> space = body_.space(body_.size() + bytes.size());
        if (space.empty()) return drop_body(bytes.size());
        std::size_t count = std::min(space.size(), bytes.size());
        std::copy_n(bytes.begin(), count, space.begin());
        body_.commit(count);
        bytes.remove_prefix(count);
    }
    receiving_.progressed(now(), whole);
    continue_due_ = false;
    wakeup_.notify();
}

// Resets the stream because there is no memory for more of its body.
void Http2Stream::drop_body(std::size_t rest) {
    nghttp2_session_consume(connection_.session_.get(), id_, rest);
    reset(NGHTTP2_INTERNAL_ERROR);
    on_lost();
}

void Http2Stream::on_body_end() noexcept {
    body_complete_ = true;
    receiving_.progressed(now(), 0);
    wakeup_.notify();
}

// Called when either side has reset the stream or when both directions have ended.
void Http2Stream::on_closed() noexcept {
    closed_ = true;
    on_lost();
}

// Wakes the handler, which sees gone() and the results of reads and writes. The handler is not cancelled, since it may
// still have to report to the app.
void Http2Stream::on_lost() noexcept {
    if (!ended_) gone_ = true;
    wakeup_.notify();
}

void Http2Stream::cut() noexcept {
    on_lost();
    wakeup_.cancel();
}

// --- serving

net::Task<void> Http2Stream::serve() {
    std::string failure;
    try {
        co_await answer();
    } catch (const std::exception& e) {
        failure = e.what();
    }
    if (!failure.empty()) {
        base::log::error("edge", "a request failed", {{"request_id", request_id_}, {"error", failure}});
        if (!begun_ && !gone_) answer_error(*this, 500, "Something went wrong on the server; its log has the details.");
    }
    if (pending()) {
        release_head();
        co_await flush();
    }
    end();
}

// Runs the handler, unless the stream was reset before that.
net::Task<void> Http2Stream::answer() {
    if (gone_) return net::nothing();
    if (!refusal_) return context().handler->handle(*this);
    answer_error(*this, refusal_->status, refusal_->reason);
    return net::nothing();
}

net::Task<void> Http2Stream::flush() {
    while (push() == Write::blocked) {
        net::Wake wake = co_await wakeup_.wait(sending_.deadline());
        if (wake != net::Wake::event) co_return;
    }
}

void Http2Stream::end() {
    stats_.whole = finished_ && ended_;
    report(context(), *this);
    if (closed_) return;
    if (!stats_.whole) reset(NGHTTP2_INTERNAL_ERROR);
    // The answer is complete, and the rest of the request is not needed (RFC 9113 section 8.1).
    else if (!body_complete_) reset(NGHTTP2_NO_ERROR);
}

void Http2Stream::reset(std::uint32_t code) noexcept {
    nghttp2_submit_rst_stream(connection_.session_.get(), NGHTTP2_FLAG_NONE, id_, code);
    connection_.wants_turn();
}

// --- the client

std::string_view Http2Stream::scheme() const noexcept {
    if (client_) return client_->scheme;
    return peer().secure ? "https" : "http";
}

std::string_view Http2Stream::asked_host() const noexcept {
    return client_ && !client_->host.empty() ? std::string_view(client_->host) : request_.host;
}

net::TransferTimeout::Terms Http2Stream::transfer_timeout(config::Duration quiet) const noexcept {
    return {quiet.count(), context().options.settings.min_rate};
}

// --- the request's body

Exchange::Body Http2Stream::poll_body() {
    if (!body_.empty()) return Body::bytes;
    if (body_complete_) return Body::complete;
    if (gone_ || closed_) return Body::broken;
    receiving_.wait(now(), transfer_timeout(context().options.settings.body_timeout));
    if (continue_due_) ask_to_continue();
    return Body::pending;
}

void Http2Stream::ask_to_continue() {
    continue_due_ = false;
    inform(100, {});
}

void Http2Stream::consume_body(std::size_t count) {
    stats_.received += count;
    body_.consume(count);
    if (body_.empty()) body_.release();
    nghttp2_session_consume(connection_.session_.get(), id_, count);
    since_widened_ += count;
    if (body_.empty() && since_widened_ >= static_cast<std::uint64_t>(window_) && !closed_) {
        since_widened_ = 0;
        connection_.widen_window(*this);
    }
    if (nghttp2_session_want_write(connection_.session_.get())) connection_.wants_turn();
}

net::Moment Http2Stream::deadline() const noexcept { return std::min(receiving_.deadline(), sending_.deadline()); }

}  // namespace bodega::edge
