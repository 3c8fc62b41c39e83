// Proxies exchanges to an upstream, the app or a configured one, and answers for it when it can't: 502, 503, 504.
//
// Another server is asked, each once, if the request did not get to the first, or if it is idempotent, its body was
// not touched and no byte of an answer came (as nginx does).
#pragma once

#include "edge/exchange/exchange.h"
#include "edge/files/file_handler.h"
#include "edge/proxy/forward_head.h"
#include "edge/proxy/relay.h"
#include "edge/routing/routing.h"
#include "edge/server.h"
#include "net/task.h"
#include "edge/proxy/upstream_group.h"
#include "edge/exchange/loop_context.h"

namespace bodega::edge {

class Proxy {
public:
    // All outlive the proxy. `files` answers the app's X-Accel-Redirect.
    Proxy(Worker& worker, UpstreamGroup& group, FileAnswers& files);

    // By a configured route, or by none (null). body: what was taken of the exchange's already; null: nothing. A
    // report's answer is left in it, or is the client's. Requires: both outlive the coroutine.
    Task<void> handle(Exchange& x, const Rule* rule = nullptr, Outgoing* body = nullptr);

    // The answer, if none has begun, for a request whose end is not a whole one.
    void answer_for(Exchange& x, Relay::State state);

private:
    enum class Next : std::uint8_t { done, same_server, other_server };
    struct Attempt {
        Relay::State state;
        Next next = Next::done;
    };

    Task<Attempt> attempt(Exchange& x, UpstreamGroup::Member& member, UpstreamPool::Lease lease, Forwarding how,
                          Outgoing* body);
    Task<void> tunnel(Exchange& x, UpstreamConnection& upstream, std::string fields);
    Relay::Settings relay_settings(const Forwarding& how, const Rule* rule) const;
    Next next_of(const Exchange& x, const Relay& relay, const UpstreamConnection& upstream, Relay::State state) const;
    void answer_busy(Exchange& x, Outgoing* body);
    void answer_dead(Exchange& x, Outgoing* body);
    void answer_failed(Exchange& x, Relay::State state, Outgoing* body);
    void count_failure(Exchange& x, UpstreamMeter::Failure kind, std::string_view what);
    void count_retry();
    void note_retry(Exchange& x, Relay::State state, std::string_view why);
    void note(UpstreamGroup::Member& member, Relay::State state);

    Worker& worker_;
    UpstreamGroup& group_;
    FileAnswers& files_;
};

}  // namespace bodega::edge
