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
    std::uint64_t file_limit = 0;  // the hard limit of RLIMIT_NOFILE, up to which a process may raise its limit
    int connections = 0;           // the connections that the file limit allows, at most edge.max_connections
    std::int64_t memory = 0;       // bytes that this process may use, including the control group's limit
    bool has_kernel_tls = false;   // the kernel has the tls module
    base::Milliseconds now = 0;
    struct Certificate {
        std::string file;
        std::string failure;  // the reason why the certificate can't be used, or empty
        base::Milliseconds expires_at = 0;
        bool self_signed = false;  // true if its own key signed it, and no authority
    };
    std::vector<Certificate> certificates;  // from edge.tls.certificates and edge.acme
    struct Spool {
        std::string folder;
        std::string failure;    // the reason why no file can be created in the folder, or empty
        std::int64_t free = 0;  // free bytes of the disk
    };
    // the folder where the bodies of requests to upstreams are stored; empty without upstreams
    std::optional<Spool> spool;
};

Diagnoses check_machine(const MachineProbe& probe, const config::Config& config);

}  // namespace bodega::app
