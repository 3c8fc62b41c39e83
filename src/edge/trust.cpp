#include "edge/trust.h"

#include <algorithm>
#include <vector>

#include "http/forwarded.h"
#include "http/syntax.h"
#include "http/target.h"

namespace bodega::edge {
namespace {

// The elements of every field of that name, in order.
std::vector<std::string_view> elements(const http::Fields& fields, std::string_view name) {
    std::vector<std::string_view> out;
    for (const http::Field& field : fields) {
        if (field.id != http::Name::x_forwarded || !http::equal_ignoring_case(field.name, name)) continue;
        std::string_view list = field.value;
        while (auto element = http::next_element(list)) out.push_back(*element);
    }
    return out;
}

void take_scheme(std::string_view text, Client& client) {
    if (http::equal_ignoring_case(text, "https")) client.scheme = "https";
    else if (http::equal_ignoring_case(text, "http")) client.scheme = "http";
}

void take_host(std::string_view text, Client& client) {
    if (http::is_authority(text)) client.host = text;
}

// What the proxy `hops` from the right wrote; a list that not every proxy adds to is shorter.
std::string_view from_right(const std::vector<std::string_view>& list, std::size_t hops) {
    return list.empty() ? std::string_view() : list[list.size() - std::min(hops, list.size())];
}

void walk_x_forwarded(const http::Fields& fields, const base::Networks& trusted, Client& client) {
    std::vector<std::string_view> addresses = elements(fields, "X-Forwarded-For");
    std::size_t hops = 0;
    while (hops < addresses.size()) {
        std::string address = http::node_address(addresses[addresses.size() - hops - 1]);
        if (address.empty()) break;
        ++hops;
        client.address = std::move(address);
        if (!trusted.contain(client.address)) break;
    }
    hops = std::max<std::size_t>(hops, 1);
    take_scheme(from_right(elements(fields, "X-Forwarded-Proto"), hops), client);
    take_host(from_right(elements(fields, "X-Forwarded-Host"), hops), client);
}

void walk_forwarded(const http::Fields& fields, const base::Networks& trusted, Client& client) {
    std::vector<http::Hop> hops;
    for (const http::Field& field : fields)
        // What is left of a malformed field can't be told from what a client wrote.
        if (field.id == http::Name::forwarded && !http::read_forwarded(field.value, hops)) hops.clear();
    while (!hops.empty()) {
        take_scheme(hops.back().proto, client);
        take_host(hops.back().host, client);
        std::string address = http::node_address(hops.back().node);
        if (address.empty()) return;
        client.address = std::move(address);
        if (!trusted.contain(client.address)) return;
        hops.pop_back();
    }
}

}  // namespace

Trust::Trust(const config::Edge& settings)
    : networks_("edge.trusted_proxies", settings.trusted_proxies), forwarded_(settings.trusted_fields == "forwarded") {}

Client Trust::client_behind(const Peer& peer, const http::Fields& fields) const {
    Client client{peer.address, peer.secure ? "https" : "http", ""};
    if (forwarded_) walk_forwarded(fields, networks_, client);
    else walk_x_forwarded(fields, networks_, client);
    return client;
}

}  // namespace bodega::edge
