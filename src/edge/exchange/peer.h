// What is known of a client's connection: address, TLS, redirect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bodega::edge {

struct Peer {
    std::string address;        // client's address without the port; from the PROXY header if the listener expects one
    bool secure = false;        // true if the connection uses TLS
    std::string_view tls = {};  // the TLS version, such as "TLSv1.3"; has static storage
    // the https port, if the listener redirects to it; 0 if the listener serves requests
    std::uint16_t redirect_port = 0;
};

}  // namespace bodega::edge
