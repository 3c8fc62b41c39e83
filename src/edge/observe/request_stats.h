// What happened to a request in the edge, for the access log and the metrics.
//
// The protocol records when the request began, its status and its bytes. Every part that contributes to the answer adds
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
    base::Steady::time_point began{};  // when the complete head was read, or was rejected
    std::string_view protocol;         // for example "HTTP/1.1"; has static storage
    std::string_view tls;              // for example "TLSv1.3"; empty without TLS; has static storage
    int status = 0;                    // status of the answer; 0 if no answer was begun
    bool whole = false;                // true if the complete answer was sent
    std::uint64_t received = 0;        // bytes of the request's body that were read
    std::uint64_t sent = 0;            // bytes of the answer's body that were sent

    std::string route;                 // configured name of the route that answered, or empty
    std::string upstream;              // name of the upstream, or empty
    std::string server;                // the server of the upstream that was tried last
    std::int64_t upstream_micros = 0;  // microseconds spent on servers, for all tries together

    // Sets `began` to now. Call it once; each request has its own RequestStats.
    void begin() noexcept { began = base::Steady::now(); }
};

}  // namespace bodega::edge
