// The server's TLS: the contexts in use, renewed when the certificates' files change, and the tickets' keys.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/config.h"
#include "edge/tls/ticket_keys.h"
#include "edge/tls/tls_certificate.h"
#include "edge/tls/tls_contexts.h"

namespace bodega::edge {

// Thread-safe.
class Tls {
public:
    // Certificates that can be served, by these settings.
    struct Loaded {
        config::Tls settings;
        bool http2 = false;
        std::vector<FileStamp> seen;
        std::shared_ptr<const TlsContexts> contexts;
    };

    Tls() = default;

    // Changes nothing by itself. Throws base::Error{config_invalid}: see load_certificate. May block on the disk.
    Loaded load(const config::Edge& settings);
    void adopt(Loaded loaded);

    // For a new connection, which keeps it to its end; nullptr: nothing was adopted.
    std::shared_ptr<const TlsContexts> contexts() const;

    // Looks at the files, and loads them if one has changed since they were. If they can't be served, what was loaded
    // before stays, the log says why, once, and the next look tries again. May block on the disk: not for a loop's
    // thread.
    void look_at_files();

    TicketKeys& tickets() noexcept { return tickets_; }

private:
    Loaded load(const config::Tls& settings, bool http2);

    TicketKeys tickets_;
    std::mutex looking_;
    std::string refusal_;  // why they could not be used at the last look; protected by looking_
    Loaded current_;       // its contexts are protected by mutex_, the rest by looking_
    mutable std::mutex mutex_;
};

}  // namespace bodega::edge
