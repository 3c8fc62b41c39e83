// Checks that this machine and its settings are fit for bodega. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/doctor/diagnosis.h"
#include "base/clock.h"
#include "config/config.h"

namespace bodega::app {

struct MachineProbe {
    std::uint64_t file_limit = 0;  // RLIMIT_NOFILE's hard limit, to which a process may raise it
    int connections = 0;           // how many of edge.max_connections that limit has room for
    std::int64_t memory = 0;       // bytes that this process may use, including the control group's limit
    bool has_kernel_tls = false;   // the kernel has the tls module
    base::Milliseconds now = 0;
    struct Certificate {
        std::string file;
        std::string failure;  // why it can't be used; empty: it can
        base::Milliseconds expires_at = 0;
        bool self_signed = false;  // signed by its own key, not by an authority
    };
    std::vector<Certificate> certificates;  // of edge.tls.certificates and edge.acme
    struct Spool {
        std::string folder;
        std::string failure;    // why no file can be created there; empty: one can
        std::int64_t free = 0;  // bytes
    };
    std::optional<Spool> spool;  // for bodies to upstreams; empty: there are no upstreams
};

Diagnoses check_machine(const MachineProbe& probe, const config::Config& config);

}  // namespace bodega::app
