// Parsers for texts in a row of [[edge.upstreams]] or [[edge.routes]]. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bodega::config {

// One server of an upstream: "127.0.0.1:5000", "[::1]:5000", "app.internal:5000 weight=2" or "unix:/run/app.sock".
struct UpstreamServer {
    std::string host;  // without brackets; empty for a unix socket
    std::uint16_t port = 0;
    std::string socket;  // path of the unix socket; empty for a host
    int weight = 1;      // share of the requests, relative to the other servers: 1 to 100
};
std::optional<UpstreamServer> parse_upstream_server(std::string_view text);

// Where a route leads: "app", "upstream:NAME", "folder:PATH" or "redirect:URL".
struct RouteTarget {
    enum class Kind : std::uint8_t { app, upstream, folder, redirect };
    Kind kind = Kind::app;
    std::string what;  // the upstream's name, the folder's path or the URL, by the kind
};
std::optional<RouteTarget> parse_route_target(std::string_view text);

// A line "Name: value", split into name and value. The name is a token; the value has no control characters (RFC 9110
// section 5).
struct HeaderLine {
    std::string name;
    std::string value;
};
std::optional<HeaderLine> parse_header_line(std::string_view text);
bool is_header_name(std::string_view text) noexcept;

}  // namespace bodega::config
