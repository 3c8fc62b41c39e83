#include "edge/proxy.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "edge/answer.h"
#include "edge/forward_head.h"
#include "edge/loggable.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kName = "app";

Relay::Settings relay_settings(const config::Edge& settings) {
    Relay::Settings out;
    out.buffer = static_cast<std::size_t>(settings.buffer);
    out.timeout = settings.upstream_timeout.count();
    return out;
}

// RFC 9110 section 9.2.2, RFC 9112 section 9.3.1: a kept connection may have been closed before the request came.
bool may_repeat(const Exchange& x, const Relay& relay, const UpstreamConnection& upstream) {
    if (!upstream.reused || x.begun() || x.gone() || relay.body_touched()) return false;
    return relay.nothing_sent() || is_idempotent(x.request().method);
}

std::int64_t micros_since(base::Steady::time_point began) {
    return std::chrono::duration_cast<std::chrono::microseconds>(base::Steady::now() - began).count();
}

FileRequest file_request(const Relay& relay) {
    FileRequest file;
    file.location = relay.file();
    file.fields = relay.file_fields();
    file.has_date = relay.has_date();
    file.etag = relay.file_etag();
    file.last_modified = relay.file_modified();
    file.content_type = relay.file_type();
    return file;
}

}  // namespace

Proxy::Proxy(Worker& worker, UpstreamPool& pool, FileAnswers& files)
    : worker_(worker),
      pool_(pool),
      files_(files),
      meter_(worker.meters.upstream(kName)),
      settings_(relay_settings(worker.options.settings)) {}

Task<void> Proxy::handle(Exchange& x) {
    x.trail().upstream = kName;
    for (bool again = true; again;) {
        UpstreamPool::Acquired acquired = pool_.acquire_now(x.waiter());
        if (acquired.status == UpstreamPool::Status::busy) acquired = co_await pool_.acquire_later(x.waiter());
        if (acquired.status != UpstreamPool::Status::ready) {
            answer_busy(x, acquired.status);
            co_return;
        }
        Attempt result = co_await attempt(x, std::move(acquired.lease));
        again = result.again;
        if (!again) answer_for(x, result.state);
    }
}

Task<Proxy::Attempt> Proxy::attempt(Exchange& x, UpstreamPool::Lease lease) {
    auto began = base::Steady::now();
    Relay relay(x, *lease, request_to_app(x), settings_);
    Relay::State state = relay.step();
    while (state == Relay::State::going) {
        Waiter::Wait pause = relay.wants_turn() ? x.waiter().next_turn() : x.waiter().wait(relay.deadline());
        Wake wake = co_await pause;
        state = wake == Wake::cancelled  ? Relay::State::client_gone
                : wake == Wake::deadline ? relay.expired()
                                         : relay.step();
    }
    x.trail().upstream_micros += micros_since(began);
    if (state == Relay::State::complete) {
        if (relay.reusable()) lease.keep();
        else lease.drop();
        if (!relay.file().empty()) co_await files_.send(x, file_request(relay));
        co_return Attempt{state};
    }
    if (state == Relay::State::upstream_closed && may_repeat(x, relay, *lease)) {
        worker_.counters.upstream_retries.add();
        meter_.retries.add();
        lease.drop();
        pool_.forget_idle();
        co_return Attempt{state, true};
    }
    co_return Attempt{state};
}

void Proxy::count_failure(const Exchange& x, UpstreamMeter::Failure kind, std::string_view what) {
    worker_.counters.upstream_failures.add();
    meter_.failures[kind].add();
    // A balancer that asks while the app starts is no event.
    if (kind == UpstreamMeter::refused && x.request().path == "/readyz") return;
    base::log::warn("edge", what, {{"request_id", x.request_id()}, {"path", loggable_path(x.request().path)}});
}

void Proxy::answer_busy(Exchange& x, UpstreamPool::Status status) {
    if (status == UpstreamPool::Status::cancelled || x.gone()) return;
    if (status == UpstreamPool::Status::dead) {
        count_failure(x, UpstreamMeter::refused, "the app's socket takes no connection");
        answer_error(x, 502, "The application behind this server is not running.", 5);
    } else {
        count_failure(x, UpstreamMeter::busy, "every connection to the app stayed busy");
        answer_error(x, 503, "The server is busy. Try again in a moment.", 2);
    }
}

// An answer that has begun can only be cut, which the client sees by its framing.
void Proxy::answer_for(Exchange& x, Relay::State state) {
    switch (state) {
        case Relay::State::upstream_closed:
        case Relay::State::upstream_broken:
            count_failure(x, UpstreamMeter::broken, "the app's answer broke off or is not HTTP");
            if (!x.begun()) answer_error(x, 502, "The application's answer could not be understood.");
            return;
        case Relay::State::upstream_slow:
            count_failure(x, UpstreamMeter::slow, "the app did not answer in time");
            if (!x.begun()) answer_error(x, 504, "The application did not answer in time.");
            return;
        case Relay::State::client_broken:
            worker_.counters.bad_requests.add();
            if (!x.begun()) answer_error(x, 400, "The request's body is malformed.");
            return;
        case Relay::State::client_slow:
            if (!x.begun()) answer_error(x, 408, "The request's body took too long.");
            return;
        default: return;
    }
}

}  // namespace bodega::edge
