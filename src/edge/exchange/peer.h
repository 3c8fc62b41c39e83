// Who is at the other end of a client's connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::edge {

struct Peer {
    std::string address;              // without its port; what a PROXY header said where the listener takes one
    bool secure = false;              // by TLS
    std::string_view tls = {};        // its version, "TLSv1.3"; static storage
    std::uint16_t redirect_port = 0;  // of https, where the listener sends requests to; 0: it serves them
};

}  // namespace bodega::edge
