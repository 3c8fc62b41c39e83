// Keeps a node's certificate from an authority (edge.acme) as files in node.data_dir. The edge reads them like any
// other pair of edge.tls.certificates, and checks them for changes.
#pragma once

#include <optional>
#include <string>

#include "app/fleet/certificates.h"
#include "app/services.h"
#include "base/mutex.h"
#include "config/config.h"
#include "server/periodic.h"

namespace bodega::server {

// If edge.acme has names, appends the files to edge.tls.certificates. Creates them with a self-signed certificate if
// they are missing. May create the data folder. Throws Error{config_invalid} if the secret can't be read.
void prepare_acme(config::Config& config);

// The files, as edge.tls.certificates lists them.
std::string acme_pair(const config::Config& config);

// The constructor writes the catalog's certificate to the files. After start(), a thread of this object writes the
// files again whenever that certificate changes, and orders a new certificate when one is due. `services` must outlive
// this object. Does nothing if edge.acme has no names.
class AcmeRenewal {
public:
    explicit AcmeRenewal(const app::Services& services);
    void start();  // call when the edge answers the authority's challenges
    ~AcmeRenewal();
    AcmeRenewal(const AcmeRenewal&) = delete;

    // Returns a sentence for a person while this node can't open the fleet's records in the catalog and has only its
    // self-signed certificate. Returns nullopt at other times. Thread-safe.
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
