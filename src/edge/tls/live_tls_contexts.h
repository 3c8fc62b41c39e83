// The server's TLS state: the contexts, which are replaced when the certificate files change, and the ticket keys.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "config/config.h"
#include "edge/tls/ticket_keys.h"
#include "edge/tls/tls_certificate.h"
#include "edge/tls/tls_contexts.h"

namespace bodega::edge {

// Thread-safe.
class LiveTlsContexts {
public:
    // Loaded and checked certificates, and the settings with which they were loaded.
    struct Loaded {
        config::Tls settings;
        bool http2 = false;
        std::vector<FileStamp> seen;
        std::shared_ptr<const TlsContexts> contexts;
    };

    LiveTlsContexts() = default;

    // Loads and checks the certificates of `settings`; adopt() then starts to use them. Throws
    // base::Error{config_invalid}: see load_certificate. May block on the disk.
    Loaded load(const config::Edge& settings);
    void adopt(Loaded loaded);

    // Returns the contexts for a new connection, which keeps them until it ends. Returns nullptr if adopt() was never
    // called.
    std::shared_ptr<const TlsContexts> contexts() const;

    // Loads the certificate files again if one has changed. If the new files can't be used, the loaded certificates
    // stay in use. The reason is then logged once, and the next call tries again. May block on the disk, so do not call
    // it on a loop's thread.
    void reload_changed_certificates();

    TicketKeys& tickets() noexcept { return tickets_; }

private:
    Loaded load(const config::Tls& settings, bool http2);
    void use(Loaded loaded) REQUIRES(check_mutex_) EXCLUDES(mutex_);

    TicketKeys tickets_;
    base::Mutex check_mutex_;
    // Why the last check could not use the changed files. Empty if it could.
    std::string last_error_ GUARDED_BY(check_mutex_);
    Loaded current_ GUARDED_BY(check_mutex_);  // the certificates in use; adopt() moves their contexts to contexts_
    mutable base::Mutex mutex_;
    std::shared_ptr<const TlsContexts> contexts_ GUARDED_BY(mutex_);
};

}  // namespace bodega::edge
