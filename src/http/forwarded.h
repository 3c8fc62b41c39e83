// The Forwarded field (RFC 7239): what each proxy on the way saw. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bodega::http {

// One proxy's element; empty: it did not say.
struct Hop {
    std::string node;  // of `for`: "192.0.2.43", "[2001:db8::17]:4711", "unknown", "_hidden"
    std::string proto;
    std::string host;

    bool operator==(const Hop&) const = default;
};

// Appends the elements of one field's value, in order. False, and nothing appended, if it is malformed, or says
// something twice.
bool read_forwarded(std::string_view value, std::vector<Hop>& hops);

// The address of a node without its port and brackets; empty if it is no IP address.
std::string node_address(std::string_view node);

}  // namespace bodega::http
