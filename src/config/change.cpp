#include "config/change.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <variant>

namespace bodega::config {
namespace {

constexpr std::array<std::string_view, 5> kReloadable = {"edge.", "log.level", "log.format", "node.drain_",
                                                         "node.upgrade_limit"};
constexpr std::array<std::string_view, 5> kFixed = {"edge.loops", "edge.file_threads", "edge.admin_listen",
                                                    "edge.tls.certificates_check", "edge.tls.ticket_rotation"};

bool differs(const Key& key, Config& a, Config& b) {
    return std::visit([&](auto member) { return member(a) != member(b); }, key.member);
}

// All members except `origin`, a line number that changes with every line above it.
auto all_of(const Upstream& row) {
    return std::tie(row.name, row.servers, row.balance, row.connections, row.queue, row.wait, row.connect_timeout,
                    row.timeout, row.max_fails, row.fail_timeout, row.health_path, row.health_host, row.health_interval,
                    row.resolve_interval, row.idle_timeout);
}

auto all_of(const Route& row) {
    return std::tie(row.host, row.path, row.to, row.rewrite, row.pass_host, row.status, row.rate_limit,
                    row.request_body, row.upgrades, row.set_request, row.remove_request, row.set_response,
                    row.remove_response);
}

template <class Row>
bool same(const std::vector<Row>& a, const std::vector<Row>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Row& one, const Row& other) { return all_of(one) == all_of(other); });
}

}  // namespace

bool same_routes(const Edge& a, const Edge& b) noexcept {
    return same(a.upstreams, b.upstreams) && same(a.routes, b.routes);
}

bool is_reloadable(const Key& key) noexcept {
    if (std::find(kFixed.begin(), kFixed.end(), key.name) != kFixed.end()) return false;
    if (key.name.starts_with("edge.acme.")) return false;
    return std::any_of(kReloadable.begin(), kReloadable.end(),
                       [&](std::string_view front) { return key.name.starts_with(front); });
}

Change compare(const Config& before, const Config& after) {
    Change change{after, {}, {}};
    Config old = before;  // a copy, because Member takes a non-const Config&
    for (const Key& key : keys()) {
        if (!differs(key, old, change.config)) continue;
        bool follows = is_reloadable(key);
        (follows ? change.followed : change.for_restart).push_back(key.name);
        if (!follows) std::visit([&](auto member) { member(change.config) = member(old); }, key.member);
    }
    // kKeys has no keys for the rows of lists.
    if (!same(before.edge.upstreams, after.edge.upstreams)) change.followed.push_back("edge.upstreams");
    if (!same(before.edge.routes, after.edge.routes)) change.followed.push_back("edge.routes");
    return change;
}

}  // namespace bodega::config
