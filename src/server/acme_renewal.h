// Keeps the fleet's certificate from an authority (edge.acme) in a file of this node. The edge reads the file like any
// other pair of edge.tls.certificates, and checks it for changes.
#pragma once

#include <optional>
#include <string>

#include "app/fleet/certificates.h"
#include "app/services.h"
#include "base/mutex.h"
#include "config/config.h"
#include "server/periodic.h"

namespace bodega::server {

// If edge.acme has names, adds the certificate's file to edge.tls.certificates. Creates the file with a self-signed
// certificate if it is missing. May create the data folder. Throws Error{config_invalid} if the secret can't be read.
void prepare_acme(config::Config& config);

// Returns the certificate's file as edge.tls.certificates lists it.
std::string acme_pair(const config::Config& config);

// Keeps the certificate's file up to date. The constructor writes the catalog's certificate to the file. After start(),
// a thread writes the file again whenever the catalog's certificate changes, and orders a new certificate when one is
// due. `services` must outlive this object. Does nothing if edge.acme has no names.
class AcmeRenewal {
public:
    explicit AcmeRenewal(const app::Services& services);
    void start();  // call when the edge can answer the authority's challenges
    ~AcmeRenewal();
    AcmeRenewal(const AcmeRenewal&) = delete;

    // Returns why this node is not ready, as a sentence for a person, or nullopt. A node is not ready while it can't
    // decrypt the fleet's certificate in the catalog and has only its self-signed certificate. Thread-safe.
    std::optional<std::string> why_unready() const;

private:
    void round();
    void write_current();
    void set_why_unready(std::optional<std::string> why);
    bool pause(std::chrono::milliseconds time);

    const app::Services& services_;
    std::optional<app::Certificates> certificates_;
    mutable base::Mutex mutex_;
    base::Condition stopped_;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::optional<std::string> why_unready_ GUARDED_BY(mutex_);
    std::optional<Periodic> rounds_;  // null: not started, or edge.acme is not configured
};

}  // namespace bodega::server
