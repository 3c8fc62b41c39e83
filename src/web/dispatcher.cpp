#include "web/dispatcher.h"

#include <httplib.h>

#include <algorithm>
#include <exception>

#include "app/tree/name_taken.h"
#include "base/error.h"
#include "base/log.h"
#include "base/ulid.h"
#include "http/decoded_target.h"
#include "http/syntax.h"
#include "web/api/routes.h"
#include "web/call/call.h"
#include "web/call/cross_origin.h"
#include "web/call/expected_user.h"
#include "web/call/pages.h"
#include "web/call/peer.h"
#include "web/call/problem.h"
#include "web/call/request_credentials.h"
#include "web/call/upload_conversations.h"
#include "web/transport/body_reader.h"
#include "web/transport/connection.h"
#include "web/transport/workers.h"

namespace bodega::web {
namespace {

using base::Code;
using base::Error;

// The most bytes of an unwanted body that are read and dropped, so that the connection can be reused.
constexpr std::int64_t kDrain = 64 << 10;

// Returns std::nullopt for a chunked body.
std::optional<std::int64_t> body_length(const http::Framing& body) {
    if (body.kind == http::Framing::Kind::chunked) return std::nullopt;
    return static_cast<std::int64_t>(body.length);
}

std::optional<base::BodyReport> report_of(const UploadConversation* conversation) {
    if (!conversation) return std::nullopt;
    base::UploadConversation::Message message = conversation->message();
    auto* report = std::get_if<base::BodyReport>(&message);
    return report ? std::optional(std::move(*report)) : std::nullopt;
}

bool is_health(std::string_view method, std::string_view path) {
    return path == "/readyz" && (method == "GET" || method == "HEAD");
}

void set_default(httplib::Response& response, const char* name, const char* value) {
    if (!response.has_header(name)) response.set_header(name, value);
}

// Refuses a Content-Encoding: the coded bytes would be stored as if they were the file (RFC 9110 section 15.5.16).
void refuse_coded(const http::RequestHead& request) {
    for (const http::Field& line : request.fields) {
        if (line.id != http::Name::content_encoding) continue;
        if (!line.value.empty() && !http::equal_ignoring_case(line.value, "identity"))
            throw Error(Code::unsupported_media, "A body with a Content-Encoding is not supported; send it without.");
    }
}

// Reads and drops the unread part of the body, so that the connection can be reused. Returns false if that part is too
// long.
bool drain(BodyReader& body, bool expects_continue) {
    if (body.at_end()) return true;
    // The client got no 100 (Continue), so it may or may not send the body.
    if (expects_continue && body.untouched()) return false;
    if (!body.length() || *body.length() > kDrain) return false;
    char piece[4096];
    while (body.read(piece) > 0) continue;
    return true;
}

}  // namespace

struct Dispatcher::Exchange {
    const http::RequestHead& request;
    httplib::Response& response;
    Workers& workers;
    Peer peer;
    BodyReader body;
    std::shared_ptr<UploadConversation> conversation;  // null if the request belongs to no conversation
};

Dispatcher::Dispatcher(const app::Services& services, Proxies proxies, std::function<bool()> is_ready,
                       const UploadConversations* conversations)
    : context_(services),
      router_(all_routes()),
      proxies_(std::move(proxies)),
      is_ready_(std::move(is_ready)),
      conversations_(conversations) {}

Arrival::Plan Dispatcher::plan(std::string_view method, std::string_view target) const {
    Arrival::Plan out;
    const auto own = context_.urls.own_target(target);
    const auto parsed = own ? http::DecodedTarget::parse(*own) : std::nullopt;
    if (!parsed) return out;
    Router::Match match = router_.match(method, parsed->segments);
    if (!match.route) {
        out.is_health = is_health(method, parsed->path);
        return out;
    }
    out.is_file = match.route->body == Body::stream;
    out.needs_credential = match.route->guard != Guard::anonymous;
    if (match.route->body == Body::json)
        out.max_held = std::min(match.route->max_json, context_.services.config.app.max_json);
    return out;
}

bool Dispatcher::dispatch(Connection& connection, Workers& workers, const http::RequestHead& request,
                          httplib::Response& response) {
    Peer peer = Peer::of(request, connection.peer_address(), proxies_);
    const config::App& settings = context_.services.config.app;
    peer.cross_origin = is_allowed_cross_origin(request, peer, settings.allowed_origins, context_.urls.site());
    peer.is_own_edge = connection.to_own_edge;
    std::shared_ptr<UploadConversation> conversation;
    bool is_clear = true;
    try {
        if (connection.to_own_edge) conversation = conversation_of(request);
    } catch (const Error& error) {
        respond_problem(response, error, peer.origin.request_id);
        is_clear = false;
    }
    Exchange exchange{request,
                      response,
                      workers,
                      std::move(peer),
                      BodyReader(connection, body_length(request.body), request.expects_continue),
                      std::move(conversation)};
    if (is_clear) answer(exchange);
    finish(exchange);
    const bool expects_continue = request.expects_continue;
    // Reads only what has arrived: no thread waits for a body that no handler wants.
    if (!connection.to_own_edge) connection.allow_waits(false);
    try {
        return is_clear && drain(exchange.body, expects_continue);
    } catch (const Error&) {
        return false;  // the answer is already set, so the error only closes the connection
    }
}

// Turns every exception of a handler into an answer. Throws nothing.
void Dispatcher::answer(Exchange& exchange) {
    const std::string& id = exchange.peer.origin.request_id;
    auto log_failure = [&](std::string_view reason) {
        base::log::error("web", "a request failed",
                         {{"method", exchange.request.method_name}, {"request_id", id}, {"reason", reason}});
    };
    try {
        if (const auto report = report_of(exchange.conversation.get())) return run_step(exchange, *report);
        if (exchange.request.method_name == "TRACE") return refuse_method(exchange, "");
        // "OPTIONS *" is about the whole server.
        if (exchange.request.target == "*") return void(exchange.response.status = 200);
        const auto own = context_.urls.own_target(exchange.request.target);
        if (!own) return answer_outside(exchange);
        auto target = http::DecodedTarget::parse(*own);
        if (!target) throw Error(Code::invalid, "The request's target is malformed.");
        Router::Match match = router_.match(exchange.request.method_name, target->segments);
        const bool asks_ahead = exchange.peer.cross_origin && is_preflight(exchange.request);
        if (asks_ahead && match.path_known) answer_preflight(exchange.response, router_.allow(target->segments));
        else if (match.route) run_route(exchange, *target, std::move(match));
        else answer_without_route(exchange, *target, match);
    } catch (const app::NameTaken& taken) {
        // Adds the id of the entry that has the name, so that a client can continue with that entry. The id is no
        // secret: a caller that may write to a folder may see everything in the folder.
        respond_problem(exchange.response, taken, id, {{"existing_id", taken.existing_id().text()}});
    } catch (const WrongAccount& wrong) {
        respond_problem(exchange.response, wrong, id, {{"code", "wrong_account"}, {"username", wrong.username()}});
    } catch (const app::InsufficientScope& error) {
        respond_problem(exchange.response, error, id);
        exchange.response.set_header("WWW-Authenticate",
                                     "Bearer realm=\"bodega\", error=\"insufficient_scope\", scope=\"" +
                                         std::string(store::token_scope_name(error.needed())) + '"');
    } catch (const Error& error) {
        if (status_of(error.code()) >= 500) log_failure(error.what());
        respond_problem(exchange.response, error, id);
        if (error.code() == Code::unsupported_media && http::first_field(exchange.request.fields, "Content-Encoding"))
            exchange.response.set_header("Accept-Encoding", "identity");
        if (error.code() == Code::unauthenticated)
            for (const std::string& challenge : challenges(exchange.request))
                exchange.response.set_header("WWW-Authenticate", challenge);
    } catch (const std::exception& error) {
        log_failure(error.what());
        respond_problem(exchange.response, Error(Code::internal, "unexpected"), id);
    }
}

// Finds the conversation to which a request of this process's edge belongs. Returns nullptr if the request does not
// name one.
std::shared_ptr<UploadConversation> Dispatcher::conversation_of(const http::RequestHead& request) const {
    const std::string_view id = field(request, base::kConversationField);
    if (id.empty()) return nullptr;
    auto found = conversations_ ? conversations_->find(id) : nullptr;
    if (!found) throw Error(Code::unavailable, "The upload was interrupted. Ask for its offset, then continue.");
    return found;
}

// Gives a report of the edge to the handler that accepted the edge's offer. Of the checks in
// run_route(), only the caller's sign-in is repeated: a report that comes after a sign-out is refused.
void Dispatcher::run_step(Exchange& exchange, const base::BodyReport& report) {
    const Route* const route = exchange.conversation->route();
    if (!route) throw Error(Code::internal, "a report about a body that was not accepted");
    const http::DecodedTarget target;
    Call call({context_,
               *route,
               exchange.peer,
               target,
               exchange.request,
               exchange.response,
               exchange.body,
               exchange.conversation.get(),
               {}});
    try {
        if (route->guard != Guard::anonymous) call.actor();
    } catch (const Error& error) {
        if (status_of(error.code()) < 500) exchange.conversation->refuse(report);
        throw;
    }
    exchange.conversation->run(call, report);
    if (exchange.response.status < 0)
        throw Error(Code::internal, "a report got no answer: " + std::string(route->pattern));
}

void Dispatcher::run_route(Exchange& exchange, const http::DecodedTarget& target, Router::Match match) {
    const Route& route = *match.route;
    Call call({context_, route, exchange.peer, target, exchange.request, exchange.response, exchange.body,
               exchange.conversation.get(), std::move(match.parameters)});
    if (route.body == Body::none && call.body_length() != 0) throw Error(Code::invalid, "This call takes no body.");
    if (route.body != Body::none) refuse_coded(exchange.request);
    refuse_cross_site(exchange.request, exchange.peer, call.credential_source(), context_.urls.site());
    check_guard(call, route);
    if (call.is_offer() && route.body != Body::stream) return order_whole_body(call);
    std::optional<Workers::Upload> upload;
    if (route.body == Body::stream && !exchange.body.at_end()) upload.emplace(exchange.workers);
    route.handler(call);
    if (route.guard != Guard::anonymous && !call.is_authenticated())
        throw Error(Code::internal,
                    "a handler answered without authenticating the caller: " + std::string(route.pattern));
    if (exchange.response.status < 0)
        throw Error(Code::internal, "a handler gave no answer: " + std::string(route.pattern));
}

// Handles a body that the edge offers for a call without an upload: orders the edge to send the complete body.
void Dispatcher::order_whole_body(Call& call) {
    if (call.body_length().value_or(0) > call.max_json())
        throw Error(Code::too_large, "The request's body is larger than this call accepts.");
    call.reply_to_edge(base::SendWholeBody{call.max_json()});
}

void Dispatcher::check_guard(Call& call, const Route& route) {
    if (route.guard == Guard::anonymous) return;
    if (!call.credential()) throw Error(Code::unauthenticated, "Sign in, or send an API token.");
    if (route.guard == Guard::admin && call.actor().role != store::Role::admin)
        throw Error(Code::forbidden, "Only an administrator may do this.");
}

void Dispatcher::answer_without_route(Exchange& exchange, const http::DecodedTarget& target,
                                      const Router::Match& match) {
    const std::string_view method = exchange.request.method_name;
    if (match.path_known) {
        if (method != "OPTIONS") return refuse_method(exchange, router_.allow(target.segments));
        exchange.response.set_header("Allow", router_.allow(target.segments));
        exchange.response.status = 204;
        return;
    }
    bool reads = method == "GET" || method == "HEAD";
    const base::Asset* front_page = context_.front_page.asset();
    if (is_health(method, target.path)) return answer_ready(exchange);
    if (target.path == "/livez") return answer_live(exchange.response);
    if (!reads && has_page(target.path, front_page)) return refuse_method(exchange, "GET, HEAD");
    if (reads && answer_page(exchange.request, target.path, front_page, exchange.response)) return;
    throw Error(Code::not_found, "Nothing is at this address.");
}

// Answers 405. allow: the methods that the path accepts; empty if no path accepts the method.
void Dispatcher::refuse_method(Exchange& exchange, const std::string& allow) {
    const std::string method(exchange.request.method_name);
    respond_problem(exchange.response, Error(Code::invalid, "This path does not take " + method + "."),
                    exchange.peer.origin.request_id, {}, 405);
    if (!allow.empty()) exchange.response.set_header("Allow", allow);
}

// Answers a request outside of the base path: redirects the base path without its slash, and refuses all else with 404.
void Dispatcher::answer_outside(Exchange& exchange) const {
    const config::PublicUrl& site = context_.urls.site();
    const std::string_view method = exchange.request.method_name, target = exchange.request.target;
    if ((method != "GET" && method != "HEAD") || !site.is_base_without_slash(target.substr(0, target.find('?'))))
        throw Error(Code::not_found, "Nothing is at this address.");
    exchange.response.status = 308;
    exchange.response.set_header("Location", site.base_path());
}

std::string Dispatcher::why_unready() const {
    try {
        return ready_ && (!is_ready_ || is_ready_()) ? "" : "not ready\n";
    } catch (const Error& error) {
        return "not ready: " + std::string(error.what()) + "\n";
    }
}

void Dispatcher::answer_ready(Exchange& exchange) {
    const std::string why = why_unready();
    exchange.response.status = why.empty() ? 200 : 503;
    exchange.response.body = why.empty() ? "ready\n" : why;
    exchange.response.set_header("Content-Type", "text/plain; charset=utf-8");
}

void Dispatcher::finish(Exchange& exchange) const {
    httplib::Response& response = exchange.response;
    set_default(response, "Cache-Control", "no-store");
    set_default(response, "X-Content-Type-Options", "nosniff");
    set_default(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    set_default(response, "Referrer-Policy", "no-referrer");
    set_default(response, "Cross-Origin-Resource-Policy", "same-origin");
    if (!context_.services.config.app.allowed_origins.empty()) response.set_header("Vary", "Origin");
    if (exchange.peer.cross_origin) expose_answer(exchange.request, response);
    response.set_header("X-Request-Id", exchange.peer.origin.request_id);
}

void Dispatcher::answer_refused(const http::Refusal& why, httplib::Response& response) {
    respond_problem(response, Error(Code::invalid, why.reason), base::Ulid::make().text(), {}, why.status);
    set_default(response, "Cache-Control", "no-store");
    set_default(response, "X-Content-Type-Options", "nosniff");
}

}  // namespace bodega::web
