#include "edge/request_router.h"

#include <algorithm>
#include <utility>

#include "base/asset.h"
#include "edge/exchange/answer.h"
#include "edge/files/asset_handler.h"
#include "edge/routing/own_routes.h"
#include "edge/routing/rate_limit.h"
#include "edge/routing/route_path.h"
#include "http/media_type.h"
#include "http/target.h"

namespace bodega::edge {
namespace {

// A browser that asks for a missing page gets the web app, which shows that the page does not exist. Other clients get
// a short text. If the operator has a 404 page, all clients get that page.
bool gets_web_app(const Exchange& x, std::string_view path) {
    const http::RequestHead& request = x.request();
    const bool reads = request.method == http::Method::get || request.method == http::Method::head;
    if (!reads || path.starts_with("/assets/") || (x.error_pages() && x.error_pages()->find(404))) return false;
    return http::accepts_by_name(request.fields, "text/html");
}

std::string_view name_of(OwnRoute route) noexcept {
    switch (route) {
        case OwnRoute::app: return "app";
        case OwnRoute::live: return "live";
        case OwnRoute::site: return "site";
        default: return "web";
    }
}

config::Route site_row(const config::PublicUrl& site) {
    config::Route row;
    row.path = site.path("/site");
    return row;
}

// True for requests that a redirecting listener does not redirect: ACME challenges and a balancer's health check.
bool stays_plain(std::string_view path) noexcept { return path == "/livez" || ChallengeHandler::is_asked(path); }

void redirect_to_https(Exchange& x) {
    const http::RequestHead& request = x.request();
    // HTTP/1.0 may omit Host. Without a Host there is no URL to which the redirect could lead.
    if (request.host.empty()) return answer_error(x, 400, "Host is missing.");
    std::string fields = "Location: https://";
    fields.append(http::split_authority(request.host).host);
    if (x.redirect_port() != 443) fields.append(":").append(std::to_string(x.redirect_port()));
    fields.append(request.target == "*" ? "/" : request.target).append("\r\n");
    Answer answer;
    answer.status = 308;
    answer.fields = fields;
    answer.length = 0;
    x.begin(answer);
    x.finish();
}

// How many upload offers, and how many upload reports, a loop sends to the app at once. The catalog executes their
// writes one after another, so more of them would only occupy threads of the app and delay listings. A request that
// takes longer than kSlow does not count, since it waits for something else, usually a slow disk.
constexpr std::size_t kBodiesAtOnce = 1;
constexpr net::Moment kSlow = 200;  // ms; see kBodiesAtOnce

UpstreamPool::Limits for_bodies(UpstreamPool::Limits limits) noexcept {
    limits.slow = kSlow;
    limits.slow_most = std::max(kBodiesAtOnce, limits.connections / 4);
    limits.connections = std::min(limits.connections, kBodiesAtOnce);
    return limits;
}

constexpr std::size_t kHealthAtOnce = 2;

UpstreamPool::Limits for_health(UpstreamPool::Limits limits) noexcept {
    limits.connections = kHealthAtOnce;
    return limits;
}

bool asks_for_health(const http::RequestHead& request) noexcept {
    return (request.method == http::Method::get || request.method == http::Method::head) &&
           request.body.kind == http::Framing::Kind::none;
}

}  // namespace

RequestRouter::RequestRouter(LoopContext& context, std::shared_ptr<const BlobFolder> blobs, UpstreamPool::Limits limits)
    : context_(context),
      site_(context.options.site),
      front_page_(site_.base_path()),
      rate_(config::parse_rate(context.options.settings.rate_limit)),
      app_(context, limits),
      app_for_offers_(context, for_bodies(limits)),
      app_for_reports_(context, for_bodies(limits)),
      app_for_health_(context, for_health(limits)),
      files_(context, std::move(blobs)),
      proxy_(context, app_, files_),
      offer_proxy_(context, app_for_offers_, files_),
      report_proxy_(context, app_for_reports_, files_),
      health_proxy_(context, app_for_health_, files_),
      upload_dispatcher_(context, proxy_, offer_proxy_, report_proxy_),
      challenges_(files_, std::make_shared<const BlobFolder>(context.options.shared_root)),
      folders_(files_),
      site_folder_(std::make_shared<const BlobFolder>(context.options.site_root, BlobFolder::Names::any)),
      site_rule_(site_row(site_)) {}

void RequestRouter::follow_settings(const UpstreamPool::Limits& limits) {
    rate_ = config::parse_rate(context_.options.settings.rate_limit);
    app_.limit_to(limits);
    app_for_offers_.limit_to(for_bodies(limits));
    app_for_reports_.limit_to(for_bodies(limits));
    app_for_health_.limit_to(for_health(limits));
    files_.follow_settings();
}

void RequestRouter::route_by(std::shared_ptr<const RoutePlan> plan, std::size_t loops) {
    routes_ = nullptr;
    if (!plan->routing.empty())
        routes_ = std::make_shared<LoopRoutes>(context_, std::move(plan), upload_dispatcher_, files_, loops);
}

net::Task<void> RequestRouter::handle(Exchange& x) {
    const http::RequestHead& request = x.request();
    if (request.method == http::Method::trace) {
        answer_error(x, 405, "TRACE is not supported.");
        return net::nothing();
    }
    if (x.redirect_port() != 0 && !stays_plain(request.path)) {
        redirect_to_https(x);
        return net::nothing();
    }
    if (request.target == "*") {
        answer_text(x, 200, "");
        return net::nothing();
    }
    // Answer a load balancer's health check before looking at routes and rate limits, so that neither can make it fail.
    if (request.path == "/readyz" && asks_for_health(request)) return handle_health(x);
    if (request.path == "/livez" || request.path == "/readyz") return handle_own(x);
    if (rate_ && !within_rate(context_, x, 0, *rate_)) return net::nothing();
    return ChallengeHandler::is_asked(request.path) ? handle_challenge(x) : handle_routed(x);
}

// Answers an ACME challenge. First looks in certbot's webroot. If no file is there and this fleet orders certificates
// itself, the app answers. Otherwise the configured routes apply, since a service behind this server may have asked for
// the certificate.
net::Task<void> RequestRouter::handle_challenge(Exchange& x) {
    bool answered = co_await challenges_.handle(x);
    if (answered || x.gone()) co_return;
    bool orders = !context_.options.settings.acme.names.empty();
    if (orders) co_await handle_own(x);
    else co_await handle_routed(x);
}

net::Task<void> RequestRouter::handle_routed(Exchange& x) {
    const http::RequestHead& request = x.request();
    if (!routes_) return handle_own(x);
    auto path = route_path(request.path);
    const int rule = path ? routes_->find(request.host, *path) : ConfiguredRoutes::kAmbiguous;
    if (rule == ConfiguredRoutes::kAmbiguous) {
        answer_error(x, 400, "The request's path can be read in more than one way.");
        return net::nothing();
    }
    return rule == ConfiguredRoutes::kNone ? handle_own(x)
                                           : LoopRoutes::handle(routes_, x, rule, std::move(path->plain));
}

net::Task<void> RequestRouter::handle_health(Exchange& x) {
    x.stats().route = name_of(OwnRoute::app);
    return health_proxy_.handle(x);
}

net::Task<void> RequestRouter::handle_own(Exchange& x) {
    const std::string_view whole = x.request().path;
    const bool at_root = stays_plain(whole) || whole == "/readyz";
    const auto path = at_root ? std::optional(whole) : site_.own_part(whole);
    if (!path) return handle_outside(x);
    const OwnRoute route = own_route_of(*path);
    x.stats().route = name_of(route);
    switch (route) {
        case OwnRoute::app: return upload_dispatcher_.handle(x);
        case OwnRoute::live: answer_text(x, 200, "ok\n"); return net::nothing();
        case OwnRoute::site: return send_site_file(x);
        case OwnRoute::page: return send_page(x, "/index.html");
        case OwnRoute::asset: break;
    }
    return send_page(x, *path);
}

// path: the request's path without the base path of app.public_url.
net::Task<void> RequestRouter::send_page(Exchange& x, std::string_view path) {
    const base::Asset* const front = front_page_.asset();
    const base::Asset* const asset = path == "/index.html" ? front : base::find_asset(path);
    if (asset) return send_asset(x, *asset);
    if (front && gets_web_app(x, path)) return send_asset(x, *front, 404);
    answer_error(x, 404, "There is nothing here.");
    return net::nothing();
}

net::Task<void> RequestRouter::handle_outside(Exchange& x) {
    const http::RequestHead& request = x.request();
    x.stats().route = name_of(OwnRoute::page);
    const bool reads = request.method == http::Method::get || request.method == http::Method::head;
    if (reads && site_.is_base_without_slash(request.path))
        answer_error(x, 308, "This is a folder.", 0, "Location: " + site_.base_path() + "\r\n");
    else answer_error(x, 404, "There is nothing here.");
    return net::nothing();
}

net::Task<void> RequestRouter::send_site_file(Exchange& x) {
    auto path = route_path(x.request().path);
    if (path) co_await folders_.handle(x, site_rule_, site_folder_, path->plain);
    else answer_error(x, 400, "The request's path can be read in more than one way.");
}

}  // namespace bodega::edge
