// How good this machine and its settings are for bodega. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/doctor/diagnosis.h"
#include "base/clock.h"
#include "config/config.h"

namespace bodega::app {

struct MachineFacts {
    std::uint64_t file_limit = 0;  // RLIMIT_NOFILE, as far as a process may raise it
    int connections = 0;           // of edge.max_connections, how many that leaves room for
    std::int64_t memory = 0;       // bytes that this process may have, the control group's limit included
    bool has_kernel_tls = false;   // the kernel's module is there
    base::Milliseconds now = 0;
    struct Certificate {
        std::string file;
        std::string failure;  // why it can't be served; empty: it can
        base::Milliseconds expires_at = 0;
        bool self_signed = false;  // no authority vouches for it
    };
    std::vector<Certificate> certificates;  // of edge.tls.certificates and edge.acme
    struct Spool {
        std::string folder;
        std::string failure;    // why no file can be made there; empty: it can
        std::int64_t free = 0;  // bytes
    };
    std::optional<Spool> spool;  // of bodies to upstreams; none: there are no upstreams
};

Diagnoses judge_machine(const MachineFacts& facts, const config::Config& config);

}  // namespace bodega::app
