// Who is at the other end of a client's connection.
#pragma once

#include <string>

namespace bodega::edge {

struct Peer {
    std::string address;  // without its port; what a PROXY header said where the listener takes one
    bool secure = false;  // by TLS
};

}  // namespace bodega::edge
