#include "edge/exchange/report.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "edge/observe/redact.h"

namespace bodega::edge {
namespace {

constexpr int kClientLeft = 499;  // before an answer was begun
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

void count(Meters& meters, const Trail& trail, http::Method method, int status, std::int64_t micros) {
    RouteMeter& route = meters.route(trail.route.empty() ? kNoRoute : trail.route);
    auto hundreds = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
    route.requests[class_of(method)][hundreds].add();
    route.received.add(trail.received);
    route.sent.add(trail.sent);
    route.duration.add(micros);
    if (!trail.upstream.empty()) meters.upstream(trail.upstream).duration.add(trail.upstream_micros);
}

}  // namespace

void report(Worker& worker, Exchange& x) {
    const Trail& trail = x.trail();
    const http::RequestHead& request = x.request();
    int status = trail.status != 0 ? trail.status : kClientLeft;
    auto took = base::Steady::now() - trail.began;
    std::int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    count(worker.meters, trail, request.method, status, micros);
    if (!worker.options.on_access) return;
    std::string path = loggable_path(request.path);
    std::string referer = loggable_url(http::first_field(request.fields, "referer").value_or(""));
    Access access;
    access.request_id = x.request_id();
    access.address = x.address();
    access.method = request.method_name;
    access.host = x.asked_host();
    access.path = path;
    access.user_agent = http::first_field(request.fields, "user-agent").value_or("");
    access.referer = referer;
    access.status = status;
    access.micros = micros;
    access.trail = &trail;
    worker.options.on_access(access);
}

}  // namespace bodega::edge
