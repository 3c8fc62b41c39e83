#include "edge/proxy.h"

#include <utility>

#include "base/log.h"
#include "edge/answer.h"
#include "edge/forward_head.h"

namespace bodega::edge {
namespace {

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
    : worker_(worker), pool_(pool), files_(files), settings_(relay_settings(worker.options.settings)) {}

Task<void> Proxy::handle(Exchange& x) {
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
    Relay relay(x, *lease, request_to_app(x), settings_);
    Relay::State state = relay.step();
    while (state == Relay::State::going) {
        Waiter::Wait pause = relay.wants_turn() ? x.waiter().next_turn() : x.waiter().wait(relay.deadline());
        Wake wake = co_await pause;
        if (wake == Wake::cancelled) co_return Attempt{Relay::State::client_gone};
        state = wake == Wake::deadline ? relay.expired() : relay.step();
    }
    if (state == Relay::State::complete) {
        if (relay.reusable()) lease.keep();
        else lease.drop();
        if (!relay.file().empty()) co_await files_.send(x, file_request(relay));
        co_return Attempt{state};
    }
    if (state == Relay::State::upstream_closed && may_repeat(x, relay, *lease)) {
        Counters::add(worker_.counters.upstream_retries);
        lease.drop();
        pool_.forget_idle();
        co_return Attempt{state, true};
    }
    co_return Attempt{state};
}

void Proxy::count_failure(const Exchange& x, std::string_view what) {
    Counters::add(worker_.counters.upstream_failures);
    base::log::warn("edge", what, {{"request_id", x.request_id()}, {"path", x.request().path}});
}

void Proxy::answer_busy(Exchange& x, UpstreamPool::Status status) {
    if (status == UpstreamPool::Status::cancelled || x.gone()) return;
    if (status == UpstreamPool::Status::dead) {
        // A balancer that asks while the app starts is no event.
        if (x.request().path == "/readyz") Counters::add(worker_.counters.upstream_failures);
        else count_failure(x, "the app's socket takes no connection");
        answer_error(x, 502, "The application behind this server is not running.", 5);
    } else {
        count_failure(x, "every connection to the app stayed busy");
        answer_error(x, 503, "The server is busy. Try again in a moment.", 2);
    }
}

// An answer that has begun can only be cut, which the client sees by its framing.
void Proxy::answer_for(Exchange& x, Relay::State state) {
    switch (state) {
        case Relay::State::upstream_closed:
        case Relay::State::upstream_broken:
            count_failure(x, "the app's answer broke off or is not HTTP");
            if (!x.begun()) answer_error(x, 502, "The application's answer could not be understood.");
            return;
        case Relay::State::upstream_slow:
            count_failure(x, "the app did not answer in time");
            if (!x.begun()) answer_error(x, 504, "The application did not answer in time.");
            return;
        case Relay::State::client_broken:
            Counters::add(worker_.counters.bad_requests);
            if (!x.begun()) answer_error(x, 400, "The request's body is malformed.");
            return;
        case Relay::State::client_slow:
            if (!x.begun()) answer_error(x, 408, "The request's body took too long.");
            return;
        default: return;
    }
}

}  // namespace bodega::edge
