#include "edge/metrics.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace bodega::edge {
namespace {

using base::Exposition;
using Kind = Exposition::Kind;

constexpr std::array<std::string_view, 5> kStatuses = {"1xx", "2xx", "3xx", "4xx", "5xx"};

constexpr auto kSecondBounds = [] {
    std::array<double, Durations::kBounds.size()> seconds{};
    for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] = static_cast<double>(Durations::kBounds[i]) / 1e6;
    return seconds;
}();

struct RouteSum {
    std::array<std::array<std::uint64_t, kStatuses.size()>, RouteMeter::kClasses.size()> requests{};
    std::uint64_t received = 0, sent = 0;
    Durations::Sum duration;
};
struct UpstreamSum {
    std::array<std::uint64_t, UpstreamMeter::kFailures.size()> failures{};
    std::uint64_t retries = 0, ejections = 0;
    Durations::Sum duration;
};
using RouteSums = std::map<std::string, RouteSum>;
using UpstreamSums = std::map<std::string, UpstreamSum>;

void add(RouteSum& sum, const RouteMeter& meter) {
    for (std::size_t method = 0; method < sum.requests.size(); ++method)
        for (std::size_t status = 0; status < kStatuses.size(); ++status)
            sum.requests[method][status] += meter.requests[method][status].value();
    sum.received += meter.received.value();
    sum.sent += meter.sent.value();
    meter.duration.add_to(sum.duration);
}

void add(UpstreamSum& sum, const UpstreamMeter& meter) {
    for (std::size_t i = 0; i < sum.failures.size(); ++i) sum.failures[i] += meter.failures[i].value();
    sum.retries += meter.retries.value();
    sum.ejections += meter.ejections.value();
    meter.duration.add_to(sum.duration);
}

void write_duration(Exposition& out, Exposition::Labels labels, const Durations::Sum& sum) {
    out.histogram(labels, kSecondBounds, sum.counts, static_cast<double>(sum.micros) / 1e6);
}

void write_requests(Exposition& out, const RouteSums& routes) {
    out.family("bodega_http_requests_total", "Requests answered, by route, class of method and class of status.",
               Kind::counter);
    for (const auto& [name, sum] : routes)
        for (std::size_t method = 0; method < sum.requests.size(); ++method)
            for (std::size_t status = 0; status < kStatuses.size(); ++status)
                out.sample({{"route", name}, {"method", RouteMeter::kClasses[method]}, {"status", kStatuses[status]}},
                           sum.requests[method][status]);
}

void write_routes(Exposition& out, const RouteSums& routes) {
    write_requests(out, routes);
    out.family("bodega_http_request_duration_seconds", "Time from a request's head to the end of its answer.",
               Kind::histogram);
    for (const auto& [name, sum] : routes) write_duration(out, {{"route", name}}, sum.duration);
    out.family("bodega_http_received_bytes_total", "Bytes of requests' bodies.", Kind::counter);
    for (const auto& [name, sum] : routes) out.sample({{"route", name}}, sum.received);
    out.family("bodega_http_sent_bytes_total", "Bytes of answers' bodies.", Kind::counter);
    for (const auto& [name, sum] : routes) out.sample({{"route", name}}, sum.sent);
}

void write_upstreams(Exposition& out, const UpstreamSums& upstreams) {
    out.family("bodega_upstream_duration_seconds",
               "Time spent with an upstream's servers, all tries of a request together.", Kind::histogram);
    for (const auto& [name, sum] : upstreams) write_duration(out, {{"upstream", name}}, sum.duration);
    out.family("bodega_upstream_failures_total",
               "Tries that failed: no connection, no valid HTTP, no answer in time, no free connection.",
               Kind::counter);
    for (const auto& [name, sum] : upstreams)
        for (std::size_t i = 0; i < sum.failures.size(); ++i)
            out.sample({{"upstream", name}, {"reason", UpstreamMeter::kFailures[i]}}, sum.failures[i]);
    out.family("bodega_upstream_retries_total", "Requests sent again, on another connection or to another server.",
               Kind::counter);
    for (const auto& [name, sum] : upstreams) out.sample({{"upstream", name}}, sum.retries);
    out.family("bodega_upstream_ejections_total", "Times that a server was taken out of use because it failed.",
               Kind::counter);
    for (const auto& [name, sum] : upstreams) out.sample({{"upstream", name}}, sum.ejections);
}

void write_connections(Exposition& out, const Stats& stats) {
    out.gauge("bodega_connections_open", "Open client connections.", stats.open_connections);
    out.counter("bodega_connections_accepted_total", "Client connections accepted.", stats.accepted);
    out.family("bodega_connections_refused_total",
               "Connections refused because of the total limit or the limit of an address.", Kind::counter);
    out.sample({{"limit", "total"}}, stats.refused - stats.refused_of_address);
    out.sample({{"limit", "address"}}, stats.refused_of_address);
    out.family("bodega_tls_handshakes_total", "TLS handshakes by their outcome.", Kind::counter);
    out.sample({{"outcome", "full"}}, stats.tls_full);
    out.sample({{"outcome", "resumed"}}, stats.tls_resumed);
    out.sample({{"outcome", "failed"}}, stats.tls_failed);
    out.counter("bodega_http_bad_requests_total", "Requests refused because they were not HTTP.", stats.bad_requests);
    out.counter("bodega_http_rate_limited_total", "Requests answered 429: their address was over its rate.",
                stats.rate_limited);
    out.gauge("bodega_edge_held_bytes", "Bytes held for clients, of edge.max_memory.", stats.held);
    out.counter("bodega_http_over_memory_total",
                "Requests refused because edge.max_memory or edge.http2_memory was used up.", stats.over_memory);
    out.gauge("bodega_edge_spooled_bytes", "Bytes of request bodies in spool files, of edge.spool_limit.",
              stats.spooled);
    out.counter("bodega_http_spool_full_total", "Requests refused because edge.spool_limit was used up.",
                stats.spool_full);
    out.counter("bodega_connections_cut_for_memory_total", "Connections cut because they held too much memory.",
                stats.cut_for_memory);
    out.counter("bodega_file_cold_reads_total", "File reads that the page cache could not serve.", stats.cold_reads);
}

}  // namespace

void add_to(Stats& stats, const Counters& counters) noexcept {
    stats.accepted += counters.accepted.value();
    stats.refused += counters.refused.value() + counters.refused_of_address.value();
    stats.refused_of_address += counters.refused_of_address.value();
    stats.requests += counters.requests.value();
    stats.bad_requests += counters.bad_requests.value();
    stats.upstream_failures += counters.upstream_failures.value();
    stats.upstream_retries += counters.upstream_retries.value();
    stats.cold_reads += counters.cold_reads.value();
    stats.damaged_files += counters.damaged_files.value();
    stats.rate_limited += counters.rate_limited.value();
    stats.over_memory += counters.over_memory.value();
    stats.cut_for_memory += counters.cut_for_memory.value();
    stats.tls_full += counters.tls_full.value();
    stats.tls_resumed += counters.tls_resumed.value();
    stats.tls_failed += counters.tls_failed.value();
}

void add_to(Traffic& traffic, const RouteMeter& meter) noexcept {
    for (const auto& statuses : meter.requests) {
        for (const Count& count : statuses) traffic.answered += count.value();
        traffic.failed += statuses.back().value();
    }
    meter.duration.add_to(traffic.duration);
}

void write_metrics(base::Exposition& out, std::span<const LoopContext* const> loops, const Stats& stats) {
    RouteSums routes;
    UpstreamSums upstreams;
    for (const LoopContext* context : loops) {
        context->meters.each_route([&](const std::string& name, const RouteMeter& meter) { add(routes[name], meter); });
        context->meters.each_upstream(
            [&](const std::string& name, const UpstreamMeter& meter) { add(upstreams[name], meter); });
    }
    write_connections(out, stats);
    write_routes(out, routes);
    write_upstreams(out, upstreams);
}

void write_expiries(base::Exposition& out, const TlsContexts& contexts) {
    out.family("bodega_tls_certificate_expires_seconds", "When a certificate in use expires, in seconds since 1970.",
               base::Exposition::Kind::gauge);
    // A name can have two certificates with different key types, but a metric has only one value for each name. So only
    // the first certificate is written.
    std::set<std::string_view> written;
    for (const TlsContexts::Expiry& expiry : contexts.expiries())
        if (written.insert(expiry.name).second) out.sample({{"name", expiry.name}}, static_cast<double>(expiry.at));
}

}  // namespace bodega::edge
