// What happened to a request on its way through the edge, for the access log and the metrics.
//
// The protocol records when the request began, its status and its bytes. Every part that takes part in the answer adds
// what it knows:
//
//   x.stats().route = "app";
//   x.stats().upstream = "app";
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace bodega::edge {

struct RequestStats {
    base::Steady::time_point began{};  // when its head began to be read
    std::string_view protocol;         // "HTTP/1.1"; static storage, like tls
    std::string_view tls;              // "TLSv1.3"; empty: plain
    int status = 0;                    // of the answer; 0: none was begun
    bool whole = false;                // the complete answer was sent
    std::uint64_t received = 0;        // bytes of the request's body that were read
    std::uint64_t sent = 0;            // bytes of the answer's body that were sent

    std::string route;                 // the configured name of the route that answered; empty: none
    std::string upstream;              // the upstream's name; empty: none
    std::string server;                // the last of the upstream's servers that was tried
    std::int64_t upstream_micros = 0;  // spent on servers, all tries together

    // Resets it for a new request on the same connection; keeps the strings' memory.
    void begin() noexcept;
};

}  // namespace bodega::edge
