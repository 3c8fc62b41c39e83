// The embedded edge's listeners as another server in its place would have them. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace bodega::cli {

// Throws base::Error{config_invalid} for what a file of the kit can't be filled in from.
[[noreturn]] void refuse_kit(const std::string& why);

enum class Listen : std::uint8_t { tls, redirect, plain };

// "https://0.0.0.0 proxy_protocol" → "0.0.0.0:443"
std::string listen_address(std::string_view listener);

// Those of edge.listen that are of this kind, with " proxy_protocol" where it is asked for; beside [::], which takes
// IPv4 too in the edge, 0.0.0.0. Where edge.listen is empty or as it is by default, that is, nobody has said, those are
// the ports 443 and, redirecting, 80.
std::vector<std::string> listen_addresses(const config::Edge& edge, Listen kind);

// Whether a PROXY header tells the clients of those that do not redirect. Throws base::Error{config_invalid} if it does
// of some alone, which NGINX can't tell apart.
bool has_proxy_headers(const config::Edge& edge);

// edge.listen's own, for who listens on its behalf. Throws base::Error{config_invalid} if there is none.
std::vector<std::string> edge_addresses(const config::Edge& edge);

// ":8443" if that is the port that plain requests are sent to: what "redirect=PORT" says, else the first TLS
// listener's.
// "" for 443, and without either.
std::string tls_port_suffix(const config::Edge& edge);

}  // namespace bodega::cli
