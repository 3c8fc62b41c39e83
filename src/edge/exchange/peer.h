// The other end of a client's connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::edge {

struct Peer {
    std::string address;              // without its port; from the PROXY header if the listener expects one
    bool secure = false;              // over TLS
    std::string_view tls = {};        // TLS version, "TLSv1.3"; static storage
    std::uint16_t redirect_port = 0;  // https port, if the listener redirects requests there; 0: it serves them
};

}  // namespace bodega::edge
