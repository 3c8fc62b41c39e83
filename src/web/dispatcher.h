// Answers a parsed request: finds its route, checks the route's guard, turns exceptions into answers (only here), and
// sets the header fields that every answer has.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "http/message.h"
#include "web/call/context.h"
#include "web/call/proxies.h"
#include "web/call/router.h"
#include "web/transport/arrival.h"

namespace bodega::base {
struct BodyReport;
}

namespace httplib {
struct Response;
}  // namespace httplib

namespace bodega::http {
struct DecodedTarget;
}

namespace bodega::web {

class Call;
class Connection;
class UploadConversation;
class UploadConversations;
class Workers;
struct Peer;

// Thread-safe.
class Dispatcher {
public:
    // conversations: those with the edge of this process; may be null. Requires: `services` and `conversations` outlive
    // this object.
    Dispatcher(const app::Services& services, Proxies proxies, std::function<bool()> is_ready,
               const UploadConversations* conversations);

    // Fills `response` in every case. Returns false if the connection can't be reused, because the body was not read
    // completely or is malformed.
    bool dispatch(Connection& connection, Workers& workers, const http::RequestHead& request,
                  httplib::Response& response);

    // Returns how much of a request has to arrive before a thread works on it. target: as received.
    Arrival::Plan plan(std::string_view method, std::string_view target) const;

    // Answers a request that the HTTP parser refused.
    static void answer_refused(const http::Refusal& why, httplib::Response& response);

    void set_ready(bool ready) noexcept { ready_ = ready; }
    bool is_set_ready() const noexcept { return ready_; }
    const app::SignInCounts& sign_ins() const noexcept { return context_.sign_ins; }
    bool is_ready() const { return why_unready().empty(); }  // the answer of /readyz; may block
    std::uint64_t damaged_files() const noexcept { return context_.damaged_files; }

private:
    struct Exchange;

    std::string why_unready() const;
    std::shared_ptr<UploadConversation> conversation_of(const http::RequestHead& request) const;
    void answer(Exchange& exchange);
    void run_step(Exchange& exchange, const base::BodyReport& report);
    void run_route(Exchange& exchange, const http::DecodedTarget& target, Router::Match match);
    static void refuse_method(Exchange& exchange, const std::string& allow);
    void answer_without_route(Exchange& exchange, const http::DecodedTarget& target, const Router::Match& match);
    void answer_outside(Exchange& exchange) const;
    void answer_ready(Exchange& exchange);
    static void order_whole_body(Call& call);
    static void check_guard(Call& call, const Route& route);
    void finish(Exchange& exchange) const;

    Context context_;
    const Router router_;
    const Proxies proxies_;
    const std::function<bool()> is_ready_;
    const UploadConversations* const conversations_;
    std::atomic<bool> ready_{false};
};

}  // namespace bodega::web
