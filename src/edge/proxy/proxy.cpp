#include "edge/proxy/proxy.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "edge/exchange/answer.h"
#include "edge/observe/redact.h"
#include "edge/proxy/tunnel.h"

namespace bodega::edge {
namespace {

using Unavailable = UpstreamPool::Unavailable;

std::int64_t micros_since(base::Steady::time_point began) {
    return std::chrono::duration_cast<std::chrono::microseconds>(base::Steady::now() - began).count();
}

// Returns the reason why another server is tried, for the log.
std::string_view reason_of(const UpstreamPool::Acquired& acquired, Relay::State state) noexcept {
    if (acquired.failed_with(Unavailable::dead)) return "it accepts no connection";
    if (acquired.failed_with(Unavailable::slow)) return "it did not accept a connection in time";
    return state == Relay::State::upstream_slow ? "it did not answer in time" : "it closed the connection";
}

bool is_message(const Outgoing* body) noexcept { return body && body->is_message; }

// True if the caller will send the message again, so that the client must not get an answer now. Sets body->is_lost.
bool is_retried(Outgoing* body) noexcept {
    if (!is_message(body) || body->retry == Outgoing::Retry::no) return false;
    return body->is_lost = true;
}

FileRequest file_request(const Relay& relay) {
    FileRequest file;
    file.location = relay.file();
    file.fields = relay.fields();
    file.has_date = relay.has_date();
    file.etag = relay.file_etag();
    file.content_type = relay.file_type();
    file.size = relay.file_size();
    return file;
}

}  // namespace

Proxy::Proxy(LoopContext& context, UpstreamGroup& group, FileHandler& files)
    : context_(context), group_(group), files_(files) {}

net::Task<void> Proxy::handle(Exchange& x, const ConfiguredRoute* rule, Outgoing* body) {
    x.stats().upstream = group_.name();
    std::string target = rule ? rule->rewritten(x.request().target) : std::string();
    std::string upgrade = rule && !group_.is_app() ? upgrades_to_pass(x, *rule) : std::string();
    Forwarding how{target, rule ? std::string_view(rule->pass_host) : std::string_view(), rule, group_.is_app(), body,
                   upgrade};
    // A message has to reach the app even if the client has left, so the wait for a connection ignores the client.
    const Exchange* client = is_message(body) ? nullptr : &x;
    UpstreamGroup::Tried tried = 0;
    UpstreamGroup::Member* member = group_.pick(tried);
    if (!member) answer_dead(x, body);
    bool again = false;
    while (member) {
        x.stats().server = member->server.name();
        UpstreamPool::Acquired acquired = member->pool.acquire_now(x.wakeup());
        if (acquired.failed_with(Unavailable::busy)) acquired = co_await member->pool.acquire_later(x.wakeup(), client);
        if (acquired.failed_with(Unavailable::cancelled)) co_return;
        if (client && client->gone()) {
            if (acquired) acquired->keep();
            co_return;
        }
        if (acquired.failed_with(Unavailable::busy)) {
            answer_busy(x, body);
            co_return;
        }
        bool dead = acquired.failed_with(Unavailable::dead);
        Attempt result{dead ? Relay::State::upstream_closed : Relay::State::upstream_slow, Next::other_server};
        if (acquired) result = co_await attempt(x, *member, std::move(*acquired), how, body);
        else group_.failed(*member);
        if (result.next == Next::same_server && !std::exchange(again, true)) continue;
        again = false;
        member = result.next == Next::done ? nullptr : group_.pick(tried);
        if (member) note_retry(x, result.state, reason_of(acquired, result.state));
        else if (dead) answer_dead(x, body);
        else answer_failed(x, result.state, body);
    }
}

Relay::Settings Proxy::relay_settings(const Forwarding& how, const ConfiguredRoute* rule) const {
    Relay::Settings out;
    out.buffer = static_cast<std::size_t>(context_.options.settings.buffer);
    out.timeout = group_.timeout();
    out.compress_above = static_cast<std::uint64_t>(context_.options.settings.compress_above);
    out.trusts_files = group_.is_app();
    out.upgrade = how.upgrade;
    out.body = how.body;
    out.files = context_.files;
    if (rule && !rule->response.empty()) out.rules = &rule->response;
    return out;
}

net::Task<Proxy::Attempt> Proxy::attempt(Exchange& x, UpstreamGroup::Member& member, UpstreamPool::Lease lease,
                                         Forwarding how, Outgoing* body) {
    auto began = base::Steady::now();
    const UpstreamServer::Use use(member.server);
    Relay relay(x, *lease, forwarded_head(x, how), relay_settings(how, how.rule));
    Relay::State state = relay.step();
    while (state == Relay::State::going) {
        net::Wakeup::Wait pause = relay.wants_turn() ? x.wakeup().next_turn() : x.wakeup().wait(relay.deadline());
        net::Wake wake = co_await pause;
        state = wake == net::Wake::cancelled  ? Relay::State::client_gone
                : wake == net::Wake::deadline ? relay.expired()
                                              : relay.step();
    }
    x.stats().upstream_micros += micros_since(began);
    if (state == Relay::State::complete) {
        if (relay.reusable()) lease.keep();
        else lease.drop();
        if (!relay.file().empty()) co_await files_.send(x, file_request(relay));
        if (body) body->has_reply = relay.has_reply();
        if (body) body->is_lost = relay.is_lost();
        group_.succeeded(member);
        co_return Attempt{state};
    }
    if (state == Relay::State::switched) {
        group_.succeeded(member);
        co_await tunnel(x, *lease, relay.fields());
        co_return Attempt{Relay::State::complete};
    }
    Next next = next_of(x, relay, *lease, state);
    lease.drop();
    if (next == Next::same_server) {
        count_retry();
        member.pool.forget_idle();
    } else {
        note(member, state);
    }
    co_return Attempt{state, next};
}

net::Task<void> Proxy::tunnel(Exchange& x, UpstreamConnection& upstream, std::string fields) {
    x.switch_protocols(fields);
    const config::Edge& settings = context_.options.settings;
    Tunnel both(x, upstream, static_cast<std::size_t>(settings.buffer), settings.tunnel_timeout.count());
    while (both.step() == Tunnel::State::going) {
        net::Wakeup::Wait pause = both.wants_turn() ? x.wakeup().next_turn() : x.wakeup().wait(both.deadline());
        net::Wake wake = co_await pause;
        if (wake != net::Wake::event) co_return;
    }
    if (!x.gone()) x.finish();
}

// Returns where a request goes after a failed attempt. If the server closed a reused connection, perhaps before it
// received the request (RFC 9112 section 9.3.1), the same server gets the request again, on a new connection. After
// other failures another server gets it. A request is sent again only if its method is idempotent (RFC 9110 section
// 9.2.2) or no byte of it was sent.
Proxy::Next Proxy::next_of(const Exchange& x, const Relay& relay, const UpstreamConnection& upstream,
                           Relay::State state) const {
    bool closed = state == Relay::State::upstream_closed, slow = state == Relay::State::upstream_slow;
    if ((!closed && !slow) || x.begun() || x.gone() || relay.body_touched() || relay.any_byte()) return Next::done;
    if (!relay.nothing_sent() && !http::is_idempotent(x.request().method)) return Next::done;
    return closed && upstream.reused ? Next::same_server : Next::other_server;
}

// Counts a failure of the server if `state` is the server's fault.
void Proxy::note(UpstreamGroup::Member& member, Relay::State state) {
    if (state == Relay::State::upstream_closed || state == Relay::State::upstream_broken ||
        state == Relay::State::upstream_slow)
        group_.failed(member);
}

void Proxy::count_retry() {
    context_.counters.upstream_retries.add();
    group_.meter().retries.add();
}

void Proxy::note_retry(Exchange& x, Relay::State state, std::string_view why) {
    count_retry();
    group_.meter().failures[state == Relay::State::upstream_slow ? UpstreamMeter::slow : UpstreamMeter::refused].add();
    base::log::warn("edge", "an upstream server failed; trying another",
                    {{"upstream", group_.name()},
                     {"server", x.stats().server},
                     {"why", why},
                     {"request_id", x.request_id()},
                     {"path", redacted_path(x.request().path, context_.options.site.base_path())}});
}

void Proxy::count_failure(Exchange& x, UpstreamMeter::Failure kind, std::string_view what) {
    context_.counters.upstream_failures.add();
    group_.meter().failures[kind].add();
    // While the app starts, a load balancer polls /readyz. These failures are expected, so they are not logged.
    if (kind == UpstreamMeter::refused && x.request().path == "/readyz") return;
    base::log::warn("edge", what,
                    {{"upstream", group_.name()},
                     {"server", x.stats().server},
                     {"request_id", x.request_id()},
                     {"path", redacted_path(x.request().path, context_.options.site.base_path())}});
}

void Proxy::answer_busy(Exchange& x, Outgoing* body) {
    if (x.gone() && !is_message(body)) return;
    count_failure(x, UpstreamMeter::busy, "every connection to the upstream stayed busy");
    if (is_retried(body)) return;
    answer_error(x, 503, "The server is busy. Try again in a moment.", 2);
}

void Proxy::answer_dead(Exchange& x, Outgoing* body) {
    if (x.gone() && !is_message(body)) return;
    count_failure(x, UpstreamMeter::refused, "the upstream accepts no connection");
    if (is_retried(body)) return;
    answer_error(x, 502, "The application behind this server is not running.", 5);
}

void Proxy::answer_failed(Exchange& x, Relay::State state, Outgoing* body) {
    bool of_upstream = state == Relay::State::upstream_closed || state == Relay::State::upstream_broken ||
                       state == Relay::State::upstream_slow;
    if (of_upstream && !x.begun() && is_retried(body)) return;
    answer_for(x, state);
}

// An answer that has already begun stays truncated. The client detects that by the answer's framing.
void Proxy::answer_for(Exchange& x, Relay::State state) {
    switch (state) {
        case Relay::State::upstream_closed:
        case Relay::State::upstream_broken:
            count_failure(x, UpstreamMeter::broken, "the upstream's answer is truncated or not HTTP");
            if (!x.begun()) answer_error(x, 502, "The application's answer could not be understood.");
            return;
        case Relay::State::upstream_slow:
            count_failure(x, UpstreamMeter::slow, "the upstream did not answer in time");
            if (!x.begun()) answer_error(x, 504, "The application did not answer in time.");
            return;
        case Relay::State::client_broken:
            context_.counters.bad_requests.add();
            if (!x.begun()) answer_error(x, 400, "The request's body is malformed.");
            return;
        case Relay::State::client_slow:
            if (!x.begun()) answer_error(x, 408, "The request's body took too long.");
            return;
        case Relay::State::body_lost:
            base::log::error("edge", "a request's spooled body can't be read",
                             {{"upstream", group_.name()}, {"request_id", x.request_id()}});
            if (!x.begun()) answer_error(x, 503, "The server is busy. Try again in a moment.", 5);
            return;
        default: return;
    }
}

}  // namespace bodega::edge
