// Translates the addresses of the embedded edge for another server that replaces the edge. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace bodega::cli {

// Throws Error{config_invalid}: a file of the kit can't be filled in, because of `why`.
[[noreturn]] void refuse_kit(const std::string& why);

enum class Listen : std::uint8_t { tls, redirect, plain };

// Returns "0.0.0.0:443" for "https://0.0.0.0 proxy_protocol".
std::string listen_address(std::string_view listener);

// Returns the addresses of edge.listen that have the kind `kind`, with " proxy_protocol" where configured. Adds 0.0.0.0
// to [::], since the edge's [::] accepts IPv4 too. If edge.listen is empty or has its default, returns the ports 443
// (tls) and 80 (redirect).
std::vector<std::string> listen_addresses(const config::Edge& edge, Listen kind);

// Whether the listeners that do not redirect expect a PROXY header. Throws base::Error{config_invalid} if only some do,
// which NGINX can't express.
bool has_proxy_headers(const config::Edge& edge);

// The addresses of edge.listen, for a program that listens in place of the edge. Throws base::Error{config_invalid} if
// there are no addresses.
std::vector<std::string> edge_addresses(const config::Edge& edge);

// Returns the port to which plain HTTP is redirected, such as ":8443". It is the port of "redirect=PORT", or else the
// port of the first TLS listener. Returns "" for 443, or if neither is configured.
std::string tls_port_suffix(const config::Edge& edge);

}  // namespace bodega::cli
