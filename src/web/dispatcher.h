// Answers a parsed request: routing, guards, the one place that turns exceptions into answers, and the header fields
// that every answer carries.
#pragma once

#include <atomic>
#include <functional>

#include "http/message.h"
#include "web/call/context.h"
#include "web/call/proxies.h"
#include "web/call/router.h"
#include "web/transport/arrival.h"

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::http {
struct DecodedTarget;
}

namespace bodega::web {

class Call;
class Connection;
class Workers;
struct Peer;

// Thread-safe: constant except for the readiness.
class Dispatcher {
public:
    Dispatcher(const app::Services& services, Proxies proxies, std::function<bool()> is_ready);

    // Fills `response` in every case. False: the connection can't be reused, because the body was not read or is
    // broken.
    bool dispatch(Connection& connection, Workers& workers, const http::RequestHead& request,
                  httplib::Response& response);

    // How much of a request to hold before a thread works on it. target: as received.
    Arrival::Plan plan(std::string_view method, std::string_view target) const;

    // Answers a request that the HTTP parser refused.
    static void answer_refused(const http::Refusal& why, httplib::Response& response);

    void set_ready(bool ready) noexcept { ready_ = ready; }
    bool is_set_ready() const noexcept { return ready_; }
    const app::SignInCounts& sign_ins() const noexcept { return context_.sign_ins; }
    bool is_ready() const { return why_unready().empty(); }  // what /readyz reports; may block
    std::uint64_t damaged_files() const noexcept { return context_.damaged_files; }

private:
    struct Exchange;

    std::string why_unready() const;
    void answer(Exchange& exchange);
    void run_route(Exchange& exchange, const http::DecodedTarget& target, Router::Match match);
    void answer_without_route(Exchange& exchange, const http::DecodedTarget& target, const Router::Match& match);
    void answer_ready(Exchange& exchange);
    static void order_whole_body(Call& call);
    static void check_guard(Call& call, const Route& route);
    void finish(Exchange& exchange) const;

    Context context_;
    const Router router_;
    const Proxies proxies_;
    const std::function<bool()> is_ready_;
    std::atomic<bool> ready_{false};
};

}  // namespace bodega::web
