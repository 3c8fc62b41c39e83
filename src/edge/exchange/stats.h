// The edge's counters.
#pragma once

#include <cstdint>

#include "edge/observe/meters.h"

namespace bodega::edge {

struct Stats {
    std::uint64_t accepted = 0;            // connections, since start
    std::uint64_t refused = 0;             // connections over a limit
    std::uint64_t refused_of_address = 0;  // of them, those over their address's limit
    std::uint64_t requests = 0;            // heads that were parsed
    std::uint64_t bad_requests = 0;        // heads or bodies that were not valid HTTP
    std::uint64_t open_connections = 0;    // now
    std::uint64_t upstream_failures = 0;   // 502, 503 and 504 answers that the edge made
    std::uint64_t upstream_retries = 0;
    std::uint64_t cold_reads = 0;      // file reads that the page cache could not serve
    std::uint64_t damaged_files = 0;   // downloads of a file that is missing or whose size differs from the catalog's
    std::uint64_t rate_limited = 0;    // answered 429
    std::uint64_t over_memory = 0;     // requests rejected for lack of memory
    std::uint64_t cut_for_memory = 0;  // connections cut because they held too much
    std::uint64_t held = 0;            // bytes held for clients, now
    std::uint64_t spooled = 0;         // bytes of request bodies in files, now
    std::uint64_t spool_full = 0;      // bodies rejected because the spool had no room
    std::uint64_t tls_full = 0;        // handshakes
    std::uint64_t tls_resumed = 0;
    std::uint64_t tls_failed = 0;
};

// Answers since start, of all routes together.
struct Traffic {
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;  // of them, those with a status of 500 or above
    Durations::Sum duration;
};

// A loop's counters beside its meters; see Stats.
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
    Count over_memory;     // requests rejected for lack of memory
    Count cut_for_memory;  // connections cut because they held more than their limit, or most of all
    Count tls_full;        // handshakes by outcome
    Count tls_resumed;
    Count tls_failed;
};

}  // namespace bodega::edge
