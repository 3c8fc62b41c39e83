// Who is at the other end of a call, as the connection and a trusted proxy tell it.
#pragma once

#include <string>

#include "app/access.h"

namespace bodega::web {

struct Peer {
    app::Origin origin;         // the client's address, its agent, the request's id
    bool trusted = false;       // the connection comes from a trusted proxy: its X-Forwarded-* count
    bool https = false;         // at the client's end
    bool serves_blobs = false;  // it said X-Accel-Capable
    std::string host;           // as the client asked for it, with its port
};

}  // namespace bodega::web
