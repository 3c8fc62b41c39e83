// Everything that the connections of one loop share. Only the loop's thread uses it after construction. A reload calls
// apply() on that thread to replace the settings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "config/config.h"
#include "edge/exchange/connections.h"
#include "edge/exchange/error_pages.h"
#include "edge/exchange/options.h"
#include "edge/exchange/stats.h"
#include "edge/observe/meters.h"
#include "edge/observe/request_id.h"
#include "net/buffer.h"
#include "net/loop.h"

namespace bodega::net {
class FilePool;
}

namespace bodega::edge {

class Handler;
class RateLimiter;
class Spool;
class LiveTlsContexts;
class Trust;

// Objects that all loops share and that outlive the loops.
struct SharedParts {
    net::FilePool* files = nullptr;
    Spool* spool = nullptr;
    const LiveTlsContexts* tls = nullptr;  // null if no listener uses TLS
};

// The settings of a loop until the next reload. The pointers refer to objects that all loops share.
struct LoopSettings {
    config::Edge edge;
    ErrorPages error_pages;
    const Trust* trust = nullptr;                       // null if no peer is trusted
    RateLimiter* limiter = nullptr;                     // null if there are no rate limits
    std::uint16_t secure_port = 0;                      // port to which redirecting listeners send clients, or 0
    std::size_t memory = static_cast<std::size_t>(-1);  // bytes that the loop may hold for its clients
    std::size_t file_memory = 0;                        // bytes of small files that the loop may cache
};

struct LoopContext {
    LoopContext(const Options& all, const SharedParts& shared, const LoopSettings& settings);
    LoopContext(const LoopContext&) = delete;
    LoopContext& operator=(const LoopContext&) = delete;

    void apply(const LoopSettings& settings);

    Options options;
    int reloads = 0;   // grows with each reload, so that a connection can notice one
    std::string hsts;  // the Strict-Transport-Security line of answers over TLS (RFC 6797), or empty
    ErrorPages error_pages;
    const Trust* trust = nullptr;
    RateLimiter* limiter = nullptr;
    std::uint16_t secure_port = 0;
    std::size_t file_memory = 0;
    net::FilePool* const files;
    Spool* const spool;
    const LiveTlsContexts* const tls;

    Counters counters;
    Meters meters;
    net::Loop loop;
    net::BufferPool buffer_pool;
    RequestIds ids;
    Connections connections;
    Handler* handler = nullptr;  // set by the handler's owner, before the loop runs
    bool draining = false;
    bool ends_uploads = false;  // true: the server stops soon, so end the uploads that another node can continue
    net::Moment relieved = 0;   // when relieve() last searched for a connection to cut
    int large_body_blocks = 0;  // number of blocks of UploadReceiver::kLarge bytes in use
};

}  // namespace bodega::edge
