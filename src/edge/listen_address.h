// Parses the address of a listener, as in edge.listen and edge.admin_listen.
#pragma once

#include <string_view>

#include "net/listener.h"

namespace bodega::edge {

// Accepts "http://127.0.0.1:8080", "http://[::]:8080", "https://localhost:8443". The host is a literal address or
// localhost. The default port is 80, or 443 for https; with port 0 the kernel chooses one. Options follow after blanks:
// "proxy_protocol", and "redirect" or "redirect=443". Throws base::Error{config_invalid} with one line that quotes
// `text`.
net::ListenAddress parse_listen_address(std::string_view text);

}  // namespace bodega::edge
