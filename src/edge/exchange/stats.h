// The edge's counters.
#pragma once

#include <cstdint>

#include "edge/observe/meters.h"

namespace bodega::edge {

struct Stats {
    std::uint64_t accepted = 0;            // connections since the start
    std::uint64_t refused = 0;             // connections that were refused because of a limit
    std::uint64_t refused_of_address = 0;  // refused connections that exceeded the limit of their address
    std::uint64_t requests = 0;            // heads that were parsed
    std::uint64_t bad_requests = 0;        // heads or bodies that were not valid HTTP
    std::uint64_t open_connections = 0;    // connections that are open now
    std::uint64_t upstream_failures = 0;   // 502, 503 and 504 answers that the edge made
    std::uint64_t upstream_retries = 0;
    std::uint64_t cold_reads = 0;      // file reads that the page cache could not serve
    std::uint64_t damaged_files = 0;   // downloads of a file that is missing or whose size differs from the catalog's
    std::uint64_t rate_limited = 0;    // requests that were answered with 429
    std::uint64_t over_memory = 0;     // requests that were rejected for lack of memory
    std::uint64_t cut_for_memory = 0;  // connections that were cut because they held too much memory
    std::uint64_t held = 0;            // bytes that are held for clients now
    std::uint64_t spooled = 0;         // bytes of request bodies that are in files now
    std::uint64_t spool_full = 0;      // bodies rejected because the spool had no room
    std::uint64_t tls_full = 0;        // full TLS handshakes
    std::uint64_t tls_resumed = 0;     // TLS handshakes that resumed a session
    std::uint64_t tls_failed = 0;      // TLS handshakes that failed
};

// Answers of all routes together since the start.
struct Traffic {
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;  // answers with a status of 500 or above
    Durations::Sum duration;
};

// The counters of one loop; Stats describes them. The counters for each route and upstream are in Meters.
struct Counters {
    Count accepted;
    Count refused;
    Count refused_of_address;
    Count requests;
    Count bad_requests;
    Count upstream_failures;
    Count upstream_retries;
    Count cold_reads;
    Count damaged_files;
    Count rate_limited;
    Count over_memory;  // requests that were rejected for lack of memory
    // Connections that were cut because they exceeded their own limit, or because they held the most when the loop's
    // memory was full.
    Count cut_for_memory;
    Count tls_full;     // full TLS handshakes
    Count tls_resumed;  // TLS handshakes that resumed a session
    Count tls_failed;   // TLS handshakes that failed
};

}  // namespace bodega::edge
