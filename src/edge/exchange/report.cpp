#include "edge/exchange/report.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "edge/observe/redact.h"

namespace bodega::edge {
namespace {

constexpr int kClientLeft = 499;  // status in the log if the client left before an answer began, as in nginx
constexpr std::string_view kNoRoute = "(none)";

RouteMeter::Class class_of(http::Method method) noexcept {
    switch (method) {
        case http::Method::get:
        case http::Method::head: return RouteMeter::reads;
        case http::Method::post:
        case http::Method::put:
        case http::Method::patch:
        case http::Method::delete_: return RouteMeter::writes;
        default: return RouteMeter::others;
    }
}

void count(Meters& meters, const RequestStats& stats, http::Method method, int status, std::int64_t micros) {
    RouteMeter& route = meters.route(stats.route.empty() ? kNoRoute : stats.route);
    auto hundreds = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
    route.requests[class_of(method)][hundreds].add();
    route.received.add(stats.received);
    route.sent.add(stats.sent);
    route.duration.add(micros);
    if (!stats.upstream.empty()) meters.upstream(stats.upstream).duration.add(stats.upstream_micros);
}

}  // namespace

void report(LoopContext& context, Exchange& x) {
    const RequestStats& stats = x.stats();
    const http::RequestHead& request = x.request();
    int status = stats.status != 0 ? stats.status : kClientLeft;
    auto took = base::Steady::now() - stats.began;
    std::int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    count(context.meters, stats, request.method, status, micros);
    if (!context.options.on_access) return;
    std::string path = redacted_path(request.path, context.options.site.base_path());
    std::string referer =
        redacted_url(http::first_field(request.fields, "referer").value_or(""), context.options.site.base_path());
    AccessLogEntry entry;
    entry.request_id = x.request_id();
    entry.address = x.address();
    entry.method = request.method_name;
    entry.host = x.asked_host();
    entry.path = path;
    entry.user_agent = http::first_field(request.fields, "user-agent").value_or("");
    entry.referer = referer;
    entry.status = status;
    entry.micros = micros;
    entry.stats = &stats;
    context.options.on_access(entry);
}

}  // namespace bodega::edge
