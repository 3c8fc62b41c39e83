#include "http/forwarded_client.h"

#include <algorithm>
#include <vector>

#include "http/forwarded.h"
#include "http/syntax.h"
#include "http/target.h"

namespace bodega::http {
namespace {

// Returns the elements of all fields with this name, in the order received.
std::vector<std::string_view> elements(const Fields& fields, std::string_view name) {
    std::vector<std::string_view> out;
    for (const Field& field : fields) {
        if (field.id != Name::x_forwarded || !equal_ignoring_case(field.name, name)) continue;
        std::string_view list = field.value;
        while (auto element = next_element(list)) out.push_back(*element);
    }
    return out;
}

void take_scheme(std::string_view text, ForwardedClient& client) {
    if (equal_ignoring_case(text, "https")) client.scheme = "https";
    else if (equal_ignoring_case(text, "http")) client.scheme = "http";
}

void take_host(std::string_view text, ForwardedClient& client) {
    if (is_authority(text)) client.host = text;
}

// Returns the element at position `hops` from the right. Returns the first element if the list is shorter, because some
// proxies append no element.
std::string_view from_right(const std::vector<std::string_view>& list, std::size_t hops) {
    return list.empty() ? std::string_view() : list[list.size() - std::min(hops, list.size())];
}

}  // namespace

void walk_x_forwarded(const Fields& fields, const base::Networks& trusted, ForwardedClient& client) {
    std::vector<std::string_view> addresses = elements(fields, "X-Forwarded-For");
    std::size_t hops = 0;
    while (hops < addresses.size()) {
        std::string address = node_address(addresses[addresses.size() - hops - 1]);
        if (address.empty()) break;
        ++hops;
        client.address = std::move(address);
        if (!trusted.contain(client.address)) break;
    }
    hops = std::max<std::size_t>(hops, 1);
    take_scheme(from_right(elements(fields, "X-Forwarded-Proto"), hops), client);
    take_host(from_right(elements(fields, "X-Forwarded-Host"), hops), client);
}

void walk_forwarded(const Fields& fields, const base::Networks& trusted, ForwardedClient& client) {
    std::vector<Hop> hops;
    for (const Field& field : fields)
        // Drops all elements: in a malformed field, the proxies' elements can't be distinguished from the client's
        // text.
        if (field.id == Name::forwarded && !read_forwarded(field.value, hops)) hops.clear();
    while (!hops.empty()) {
        take_scheme(hops.back().proto, client);
        take_host(hops.back().host, client);
        std::string address = node_address(hops.back().node);
        if (address.empty()) return;
        client.address = std::move(address);
        if (!trusted.contain(client.address)) return;
        hops.pop_back();
    }
}

}  // namespace bodega::http
