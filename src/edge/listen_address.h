// Parses a listener's configuration: edge.listen, edge.admin_listen.
#pragma once

#include <string_view>

#include "net/listener.h"

namespace bodega::edge {

// Accepts "http://127.0.0.1:8080", "http://[::]:8080", "https://localhost:8443": a literal address or localhost, and a
// port (default 80, or 443 for https; 0: the kernel chooses). Options follow after blanks: "proxy_protocol", and
// "redirect" or "redirect=443". Throws base::Error{config_invalid} with one line that quotes `text`.
net::ListenAddress parse_listen_address(std::string_view text);

}  // namespace bodega::edge
