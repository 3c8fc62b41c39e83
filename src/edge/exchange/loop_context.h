// What the connections of one loop share, and what all loops share.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "net/buffer.h"
#include "edge/exchange/connections.h"
#include "edge/exchange/error_pages.h"
#include "net/loop.h"
#include "edge/observe/meters.h"
#include "edge/observe/request_id.h"
#include "edge/server.h"
#include "edge/files/small_files.h"
#include "net/task.h"
#include "http/parser.h"

namespace bodega::edge {

class Exchange;
class FilePool;
class RateLimiter;
class Spool;
class Tls;
class Trust;

// Answers exchanges; one a loop.
class Handler {
public:
    virtual ~Handler() = default;
    // Both outlive the coroutine. May throw: then the answer is a 500, or is cut.
    virtual Task<void> handle(Exchange& x) = 0;
};

// What a loop counts beside its meters; see Stats.
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
    Count over_memory;     // requests that were refused for want of memory
    Count cut_for_memory;  // connections that held more than they may, or most of all
    Count tls_full;        // handshakes by their outcome
    Count tls_resumed;
    Count tls_failed;
};

inline std::string hsts_field(const config::Tls& settings) {
    if (settings.hsts.count() == 0) return {};
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings.hsts).count();
    return "Strict-Transport-Security: max-age=" + std::to_string(seconds) + "\r\n";
}

// One loop's world: constant after construction but for what belongs to the loop's thread.
struct Worker {
    explicit Worker(const Options& all) : options(all), hsts(hsts_field(all.settings.tls)), loop() {}

    Options options;   // its settings are replaced by a reload
    int reloads = 0;   // how often
    std::string hsts;  // a field's line for each answer over TLS (RFC 6797), or none
    Counters counters;
    Meters meters;
    Loop loop;
    Blocks blocks;
    RequestIds ids;
    SmallFiles small_files;
    Connections connections;
    Handler* handler = nullptr;
    ErrorPages error_pages;
    FilePool* files = nullptr;       // shared by all loops
    Spool* spool = nullptr;          // shared by all loops
    const Trust* trust = nullptr;    // shared by all loops; nullptr: nobody's word is taken
    const Tls* tls = nullptr;        // shared by all loops; nullptr: no listener is secure
    std::uint16_t secure_port = 0;   // where listeners that redirect send to; the loop's thread
    RateLimiter* limiter = nullptr;  // shared by all loops; nullptr: nothing is limited
    bool draining = false;           // the loop's thread
    bool ends_parts = false;         // the same: bodies that can be gone on with elsewhere end now
    Moment relieved = 0;             // the same: when a connection was last looked for to be cut
    int large_body_blocks = 0;       // the same; see BodyReceiver
};

}  // namespace bodega::edge
