// What happened to a request on its way through the edge, for the access log and the metrics.
//
// The protocol notes when it began, its status and its bytes; whoever takes a part in the answer notes it here too:
//
//   x.trail().route = "app";
//   x.trail().upstream = "app";
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace bodega::edge {

struct Trail {
    base::Steady::time_point began{};  // its head was there to be read
    std::string_view protocol;         // "HTTP/1.1"; static storage, as tls
    std::string_view tls;              // "TLSv1.3"; empty: plain
    int status = 0;                    // of the answer; 0: none was begun
    bool whole = false;                // the answer was sent to its end
    std::uint64_t received = 0;        // bytes of the request's body that were read
    std::uint64_t sent = 0;            // bytes of the answer's body that were sent

    std::string route;                 // the configuration's name of what answered; empty: nobody was asked
    std::string upstream;              // the pool's name; empty: none
    std::string server;                // of the pool, the last one that was tried
    std::int64_t upstream_micros = 0;  // with servers, all tries together

    // A new request begins now, on the same connection; keeps the texts' memory.
    void begin() noexcept;
};

}  // namespace bodega::edge
