// The server's TLS: the contexts in use, renewed when the certificates' files change, and the tickets' keys.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/config.h"
#include "edge/ticket_keys.h"
#include "edge/tls_certificate.h"
#include "edge/tls_contexts.h"

namespace bodega::edge {

// Thread-safe.
class Tls {
public:
    // Throws base::Error{config_invalid}: see load_certificate.
    explicit Tls(const config::Edge& settings);

    // For a new connection, which keeps it to its end.
    std::shared_ptr<const TlsContexts> contexts() const;

    // Looks at the files, and loads them if one has changed since the last look. If they can't be served, what was
    // loaded before stays, and the log says why, once a change. May block on the disk: not for a loop's thread.
    void look_at_files();

    TicketKeys& tickets() noexcept { return tickets_; }

private:
    std::vector<FileStamp> stamps() const;

    const config::Tls settings_;
    const bool http2_;
    std::vector<std::string> paths_;
    TicketKeys tickets_;
    std::mutex looking_;
    std::vector<FileStamp> seen_;  // protected by looking_
    mutable std::mutex mutex_;
    std::shared_ptr<const TlsContexts> contexts_;  // protected by mutex_
};

}  // namespace bodega::edge
