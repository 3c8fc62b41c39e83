// The Forwarded field (RFC 7239): what each proxy on the path reported. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::http {

// One proxy's element. A member is empty when the proxy omitted it.
struct Hop {
    std::string node;  // the value of `for`: "192.0.2.43", "[2001:db8::17]:4711", "unknown", "_hidden"
    std::string proto;
    std::string host;

    bool operator==(const Hop&) const = default;
};

// Appends the elements of one field value, from left to right. Returns false, and appends nothing, if the value is
// malformed or repeats a parameter within an element.
bool read_forwarded(std::string_view value, std::vector<Hop>& hops);

// Returns the node's address without port and brackets; empty if it is not an IP address.
std::string node_address(std::string_view node);

}  // namespace bodega::http
