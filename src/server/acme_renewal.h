// A node's certificate from an authority (edge.acme), as files in node.data_dir: the edge reads them as any other pair
// of edge.tls.certificates, and looks whether they changed.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "app/fleet/certificates.h"
#include "app/services.h"
#include "server/periodic.h"
#include "config/config.h"

namespace bodega::cli {

// If edge.acme has names: appends the files to edge.tls.certificates, and makes them if there are none, with a
// certificate that nobody vouches for until there is one. Makes the data folder then. Throws Error{config_invalid} for
// a secret that can't be read.
void prepare_acme(config::Config& config);

// Those files, as edge.tls.certificates has them.
std::string acme_pair(const config::Config& config);

// Writes what the catalog has when it is constructed and, from start() on and on a thread of its own, whenever that
// is another; and orders when it is time. `services` outlives it. Does nothing if edge.acme has no names.
class AcmeUpkeep {
public:
    explicit AcmeUpkeep(const app::Services& services);
    void start();  // once the edge answers an authority's questions
    ~AcmeUpkeep();
    AcmeUpkeep(const AcmeUpkeep&) = delete;

    // Set while this node can't open the fleet's records in the catalog and has no other certificate than its own: a
    // sentence for a person. Thread-safe.
    std::optional<std::string> why_unready() const;

private:
    void round();
    void write_current();
    void set_why_unready(std::optional<std::string> why);
    bool pause(std::chrono::milliseconds time);

    const app::Services& services_;
    std::optional<app::Certificates> certificates_;
    mutable std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;  // protected by mutex_, as the next
    std::optional<std::string> why_unready_;
    std::optional<Periodic> rounds_;  // null: not begun, or there is nothing to do
};

}  // namespace bodega::cli
