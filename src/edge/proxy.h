// Proxies exchanges to the app and answers for it when it can't: 502, 503, 504.
#pragma once

#include "edge/exchange.h"
#include "edge/file_answer.h"
#include "edge/relay.h"
#include "edge/server.h"
#include "edge/task.h"
#include "edge/upstream.h"
#include "edge/worker.h"

namespace bodega::edge {

class Proxy {
public:
    // All outlive the proxy.
    Proxy(Worker& worker, UpstreamPool& pool, FileAnswers& files);

    Task<void> handle(Exchange& x);

private:
    struct Attempt {
        Relay::State state;
        bool again = false;  // on another connection
    };

    Task<Attempt> attempt(Exchange& x, UpstreamPool::Lease lease);
    void answer_for(Exchange& x, Relay::State state);
    void answer_busy(Exchange& x, UpstreamPool::Status status);
    void count_failure(const Exchange& x, UpstreamMeter::Failure kind, std::string_view what);

    Worker& worker_;
    UpstreamPool& pool_;
    FileAnswers& files_;
    UpstreamMeter& meter_;
    const Relay::Settings settings_;
};

}  // namespace bodega::edge
