// Proxies exchanges to an upstream (the app or a configured one). Answers 502, 503 or 504 if the upstream can't.
//
// If a server did not get the request, tries another one, each at most once. Does so too if the server may have got it,
// but the request is idempotent, none of its body was read, and no byte of an answer has arrived (as nginx does).
#pragma once

#include "edge/exchange/exchange.h"
#include "edge/exchange/loop_context.h"
#include "edge/files/file_handler.h"
#include "edge/proxy/forward_head.h"
#include "edge/proxy/relay.h"
#include "edge/proxy/upstream_group.h"
#include "edge/routing/configured_routes.h"
#include "net/task.h"

namespace bodega::edge {

class Proxy {
public:
    // files: sends the files that the app names in X-Accel-Redirect. Requires: all arguments outlive the proxy.
    Proxy(LoopContext& context, UpstreamGroup& group, FileHandler& files);

    // Proxies the exchange. rule: the configured route, or null. body: the part of the exchange's body that was already
    // read, or null. After the call `body` tells whether the app replied in its conversation instead of answering the
    // client. Requires: all arguments outlive the coroutine.
    net::Task<void> handle(Exchange& x, const ConfiguredRoute* rule = nullptr, Outgoing* body = nullptr);

    // Answers a request that ended in `state`, if no answer has begun. Does nothing if `state` is complete.
    void answer_for(Exchange& x, Relay::State state);

private:
    enum class Next : std::uint8_t { done, same_server, other_server };
    struct Attempt {
        Relay::State state;
        Next next = Next::done;
    };

    net::Task<Attempt> attempt(Exchange& x, UpstreamGroup::Member& member, UpstreamPool::Lease lease, Forwarding how,
                               Outgoing* body);
    net::Task<void> tunnel(Exchange& x, UpstreamConnection& upstream, std::string fields);
    Relay::Settings relay_settings(const Forwarding& how, const ConfiguredRoute* rule) const;
    Next next_of(const Exchange& x, const Relay& relay, const UpstreamConnection& upstream, Relay::State state) const;
    void answer_busy(Exchange& x, Outgoing* body);
    void answer_dead(Exchange& x, Outgoing* body);
    void answer_failed(Exchange& x, Relay::State state, Outgoing* body);
    void count_failure(Exchange& x, UpstreamMeter::Failure kind, std::string_view what);
    void count_retry();
    void note_retry(Exchange& x, Relay::State state, std::string_view why);
    void note(UpstreamGroup::Member& member, Relay::State state);

    LoopContext& context_;
    UpstreamGroup& group_;
    FileHandler& files_;
};

}  // namespace bodega::edge
