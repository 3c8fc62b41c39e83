#include "edge/request_router.h"

#include <algorithm>
#include <utility>

#include "base/asset.h"
#include "edge/exchange/answer.h"
#include "edge/files/asset_handler.h"
#include "edge/routing/rate_limit.h"
#include "edge/routing/route_path.h"
#include "edge/routing/routes.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

// A browser that asks for a page gets the web app, which says within its frame that there is none; others, and
// everybody where the operator has a page of their own, a short text.
bool gets_frame(const Exchange& x) noexcept {
    const http::RequestHead& request = x.request();
    const bool reads = request.method == http::Method::get || request.method == http::Method::head;
    if (!reads || request.path.starts_with("/assets/") || (x.error_pages() && x.error_pages()->find(404))) return false;
    return std::any_of(request.fields.begin(), request.fields.end(), [](const http::Field& field) {
        return http::equal_ignoring_case(field.name, "Accept") &&
               field.value.find("text/html") != std::string_view::npos;
    });
}

Task<void> send_asset_or_404(Exchange& x, std::string_view path) {
    if (const base::Asset* asset = base::find_asset(path)) return send_asset(x, *asset);
    const base::Asset* const frame = gets_frame(x) ? base::find_asset("/index.html") : nullptr;
    if (frame) return send_asset(x, *frame, 404);
    answer_error(x, 404, "There is nothing here.");
    return nothing();
}

std::string_view name_of(Route route) noexcept {
    switch (route) {
        case Route::app: return "app";
        case Route::live: return "live";
        case Route::site: return "site";
        default: return "web";
    }
}

config::Route site_row() {
    config::Route row;
    row.path = "/site";
    return row;
}

// What a listener that redirects answers by itself: an authority's question whose name this is, and a balancer's
// whether there is anybody.
bool stays_plain(std::string_view path) noexcept { return path == "/livez" || ChallengeAnswers::is_asked(path); }

void redirect_to_https(Exchange& x) {
    const http::RequestHead& request = x.request();
    // HTTP/1.0 may leave it out, and there is nowhere to send such a client.
    if (request.host.empty()) return answer_error(x, 400, "Host is missing.");
    bool bracketed = request.host.starts_with('[');
    std::size_t end = request.host.find(':', bracketed ? request.host.find(']') : 0);
    std::string fields = "Location: https://";
    fields.append(request.host.substr(0, end));
    if (x.redirect_port() != 443) fields.append(":").append(std::to_string(x.redirect_port()));
    fields.append(request.target == "*" ? "/" : request.target).append("\r\n");
    Answer answer;
    answer.status = 308;
    answer.fields = fields;
    answer.length = 0;
    x.begin(answer);
    x.finish();
}

// An upload's offers and reports are short and write to the catalog, one after the other: further threads of the app
// would only wait for each other, and for requests that want a listing. So many offers at once, and so many reports,
// for each loop. One that takes long waits for something else, a slow disk mostly, and does not count.
constexpr std::size_t kBodiesAtOnce = 1;
constexpr Moment kLong = 200;  // ms

UpstreamPool::Limits for_bodies(UpstreamPool::Limits limits) noexcept {
    limits.slow = kLong;
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

Site::Site(Worker& worker, std::shared_ptr<const BlobFolder> blobs, UpstreamPool::Limits limits)
    : worker_(worker),
      rate_(config::parse_rate(worker.options.settings.rate_limit)),
      app_(worker, limits),
      app_for_offers_(worker, for_bodies(limits)),
      app_for_reports_(worker, for_bodies(limits)),
      app_for_health_(worker, for_health(limits)),
      files_(worker, std::move(blobs)),
      proxy_(worker, app_, files_),
      offer_proxy_(worker, app_for_offers_, files_),
      report_proxy_(worker, app_for_reports_, files_),
      health_proxy_(worker, app_for_health_, files_),
      app_intake_(worker, proxy_, offer_proxy_, report_proxy_),
      challenges_(files_, std::make_shared<const BlobFolder>(worker.options.shared_root)),
      folders_(files_),
      site_folder_(std::make_shared<const BlobFolder>(worker.options.site_root, BlobFolder::Names::any)),
      site_rule_(site_row()) {}

void Site::follow_settings(const UpstreamPool::Limits& limits) {
    rate_ = config::parse_rate(worker_.options.settings.rate_limit);
    app_.limit_to(limits);
    app_for_offers_.limit_to(for_bodies(limits));
    app_for_reports_.limit_to(for_bodies(limits));
    app_for_health_.limit_to(for_health(limits));
}

void Site::route_by(std::shared_ptr<const RoutePlan> plan, std::size_t loops) {
    routes_ = nullptr;
    if (!plan->routing.empty())
        routes_ = std::make_shared<LaneRoutes>(worker_, std::move(plan), app_intake_, files_, loops);
}

Task<void> Site::handle(Exchange& x) {
    const http::RequestHead& request = x.request();
    if (request.method == http::Method::trace) {
        answer_error(x, 405, "TRACE is not offered here.");
        return nothing();
    }
    if (x.redirect_port() != 0 && !stays_plain(request.path)) {
        redirect_to_https(x);
        return nothing();
    }
    if (request.target == "*") {
        answer_text(x, 200, "");
        return nothing();
    }
    // A balancer's questions about this node are answered whatever the routes are, however often they come.
    if (request.path == "/readyz" && asks_for_health(request)) return handle_health(x);
    if (request.path == "/livez" || request.path == "/readyz") return handle_own(x);
    if (rate_ && !within_rate(worker_, x, 0, *rate_)) return nothing();
    return ChallengeAnswers::is_asked(request.path) ? handle_challenge(x) : handle_routed(x);
}

// What is not in our webroot, a node may have ordered by itself; else it may be in that of a service behind us.
Task<void> Site::handle_challenge(Exchange& x) {
    bool answered = co_await challenges_.handle(x);
    if (answered || x.gone()) co_return;
    bool orders = !worker_.options.settings.acme.names.empty();
    if (orders) co_await handle_own(x);
    else co_await handle_routed(x);
}

Task<void> Site::handle_routed(Exchange& x) {
    const http::RequestHead& request = x.request();
    if (!routes_) return handle_own(x);
    auto path = route_path(request.path);
    const int rule = path ? routes_->find(request.host, *path) : Routing::kAmbiguous;
    if (rule == Routing::kAmbiguous) {
        answer_error(x, 400, "The request's path can be read in more than one way.");
        return nothing();
    }
    return rule == Routing::kNone ? handle_own(x) : LaneRoutes::handle(routes_, x, rule, std::move(path->plain));
}

Task<void> Site::handle_health(Exchange& x) {
    x.trail().route = name_of(Route::app);
    return health_proxy_.handle(x);
}

Task<void> Site::handle_own(Exchange& x) {
    const http::RequestHead& request = x.request();
    Route route = route_of(request.path);
    x.trail().route = name_of(route);
    switch (route) {
        case Route::app: return app_intake_.handle(x);
        case Route::live: answer_text(x, 200, "ok\n"); return nothing();
        case Route::site: return send_site_file(x);
        case Route::page: return send_asset_or_404(x, "/index.html");
        case Route::asset: break;
    }
    return send_asset_or_404(x, request.path);
}

Task<void> Site::send_site_file(Exchange& x) {
    auto path = route_path(x.request().path);
    if (path) co_await folders_.handle(x, site_rule_, site_folder_, path->plain);
    else answer_error(x, 400, "The request's path can be read in more than one way.");
}

}  // namespace bodega::edge
