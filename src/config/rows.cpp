#include "config/rows.h"

#include <algorithm>
#include <array>

namespace bodega::config {
namespace {

template <auto Field>
auto& at_last_upstream(Config& config) {
    return config.edge.upstreams.back().*Field;
}

template <auto Field>
auto& at_last_route(Config& config) {
    return config.edge.routes.back().*Field;
}

template <auto Field>
constexpr auto upstream = &at_last_upstream<Field>;
template <auto Field>
constexpr auto route = &at_last_route<Field>;

constexpr std::int64_t kSecond = 1000, kHour = 3600 * kSecond, kDay = 24 * kHour;

using enum Effect;

constexpr std::array kUpstreamKeys{
    Key{"edge.upstreams.name", "name that routes use for it", at_reload, upstream<&Upstream::name>},
    Key{"edge.upstreams.servers", "\"HOST:PORT\" or \"unix:PATH\", optionally with \"weight=N\" after it", at_reload,
        upstream<&Upstream::servers>},
    Key{"edge.upstreams.balance", "how the next server is chosen", at_reload, upstream<&Upstream::balance>, 0, 0,
        "round_robin least_connections"},
    Key{"edge.upstreams.connections", "maximum number of connections to each server", at_reload,
        upstream<&Upstream::connections>, 1, 65'536},
    Key{"edge.upstreams.idle_timeout", "time after which an idle connection is not reused", at_reload,
        upstream<&Upstream::idle_timeout>, 1, kDay},
    Key{"edge.upstreams.queue", "requests that wait for a connection", at_reload, upstream<&Upstream::queue>, 0,
        1'000'000},
    Key{"edge.upstreams.wait", "how long a request waits for a free connection; then 503", at_reload,
        upstream<&Upstream::wait>, 1, kHour},
    Key{"edge.upstreams.connect_timeout", "time limit for opening a connection", at_reload,
        upstream<&Upstream::connect_timeout>, 1, kHour},
    Key{"edge.upstreams.timeout", "time until a response begins, and between two reads of it", at_reload,
        upstream<&Upstream::timeout>, 1, kDay},
    Key{"edge.upstreams.max_fails", "consecutive failures that take a server out; 0: never", at_reload,
        upstream<&Upstream::max_fails>, 0, 1'000'000},
    Key{"edge.upstreams.fail_timeout", "how long the server stays out", at_reload, upstream<&Upstream::fail_timeout>, 1,
        kDay},
    Key{"edge.upstreams.health_path", "path of the health check, a GET to each server; empty: no health checks",
        at_reload, upstream<&Upstream::health_path>},
    Key{"edge.upstreams.health_host", "Host field of the health check; empty: the upstream's name", at_reload,
        upstream<&Upstream::health_host>},
    Key{"edge.upstreams.health_interval", "time between two health checks", at_reload,
        upstream<&Upstream::health_interval>, 100, kDay},
    Key{"edge.upstreams.resolve_interval", "time between two look-ups of a server's name", at_reload,
        upstream<&Upstream::resolve_interval>, kSecond, kDay},
};

constexpr std::array kRouteKeys{
    Key{"edge.routes.host", "\"files.example.org\" or \"*.example.org\"; empty: any", at_reload, route<&Route::host>},
    Key{"edge.routes.path", "a prefix of whole segments", at_reload, route<&Route::path>},
    Key{"edge.routes.to", "\"app\", \"upstream:NAME\", \"folder:PATH\" or \"redirect:URL\"", at_reload,
        route<&Route::to>},
    Key{"edge.routes.rewrite", "replaces the prefix; empty: the prefix stays", at_reload, route<&Route::rewrite>},
    Key{"edge.routes.pass_host", "the upstream's Host field; empty: the client's", at_reload, route<&Route::pass_host>},
    Key{"edge.routes.status", "status of a redirect", at_reload, route<&Route::status>, 301, 308},
    Key{"edge.routes.rate_limit", "requests from one address, such as \"10/min burst=5\"", at_reload,
        route<&Route::rate_limit>},
    Key{"edge.routes.request_body", "buffer: an upstream gets it whole; stream: as it arrives", at_reload,
        route<&Route::request_body>, 0, 0, "buffer stream"},
    Key{"edge.routes.upgrades", "Upgrade protocols that are forwarded; empty: none", at_reload,
        route<&Route::upgrades>},
    Key{"edge.routes.set_request", "fields that the upstream gets, \"Name: value\"", at_reload,
        route<&Route::set_request>},
    Key{"edge.routes.remove_request", "names of fields that the upstream does not get", at_reload,
        route<&Route::remove_request>},
    Key{"edge.routes.set_response", "fields that the client gets, \"Name: value\"", at_reload,
        route<&Route::set_response>},
    Key{"edge.routes.remove_response", "names of fields that the client does not get", at_reload,
        route<&Route::remove_response>},
};

constexpr bool follows(const Key& key) { return key.effect == at_reload; }
static_assert(std::ranges::all_of(kUpstreamKeys, follows) && std::ranges::all_of(kRouteKeys, follows));

template <auto List>
void begin(Config& config, const std::string& origin) {
    (config.edge.*List).emplace_back().origin = origin;
}

template <auto List>
std::size_t count(const Config& config) {
    return (config.edge.*List).size();
}

template <auto List>
void take(Config& to, const Config& from, std::size_t index) {
    (to.edge.*List) = {(from.edge.*List)[index]};
}

template <auto List>
const std::string& origin(const Config& config, std::size_t index) {
    return (config.edge.*List)[index].origin;
}

template <auto List>
constexpr Rows rows_of(std::string_view name, std::span<const Key> keys) {
    return {name, keys, begin<List>, count<List>, take<List>, origin<List>};
}

constexpr std::array kAll{
    rows_of<&Edge::upstreams>("edge.upstreams", kUpstreamKeys),
    rows_of<&Edge::routes>("edge.routes", kRouteKeys),
};

// The key's name within its row: "host" for "edge.routes.host".
std::string_view within(const Rows& rows, const Key& key) noexcept { return key.name.substr(rows.name.size() + 1); }

}  // namespace

const Key* Rows::find(std::string_view key) const noexcept {
    auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& one) { return within(*this, one) == key; });
    return found == keys.end() ? nullptr : &*found;
}

std::vector<std::string> Rows::names() const {
    std::vector<std::string> out;
    for (const Key& key : keys) out.emplace_back(within(*this, key));
    return out;
}

std::span<const Rows> all_rows() noexcept { return kAll; }

const Rows* find_rows(std::string_view name) noexcept {
    auto found = std::find_if(kAll.begin(), kAll.end(), [&](const Rows& rows) { return rows.name == name; });
    return found == kAll.end() ? nullptr : &*found;
}

}  // namespace bodega::config
