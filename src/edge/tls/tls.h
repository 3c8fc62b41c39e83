// The server's TLS state: the contexts in use, renewed when the certificate files change, and the ticket keys.
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
    // Certificates that were loaded and checked, and the settings they were loaded with.
    struct Loaded {
        config::Tls settings;
        bool http2 = false;
        std::vector<FileStamp> seen;
        std::shared_ptr<const TlsContexts> contexts;
    };

    Tls() = default;

    // Does not change the contexts in use. Throws base::Error{config_invalid}: see load_certificate. May block on the
    // disk.
    Loaded load(const config::Edge& settings);
    void adopt(Loaded loaded);

    // For a new connection, which keeps it to its end; nullptr: nothing was adopted.
    std::shared_ptr<const TlsContexts> contexts() const;

    // Checks the files, and loads them if one has changed since the last load. If they can't be served, the loaded
    // ones stay, the log says why, once, and the next call tries again. May block on the disk: not for a loop's
    // thread.
    void reload_changed_files();

    TicketKeys& tickets() noexcept { return tickets_; }

private:
    Loaded load(const config::Tls& settings, bool http2);

    TicketKeys tickets_;
    std::mutex check_mutex_;
    std::string last_error_;  // why the files could not be used at the last check; protected by check_mutex_
    Loaded current_;          // its contexts are protected by mutex_, the rest by check_mutex_
    mutable std::mutex mutex_;
};

}  // namespace bodega::edge
