#include "server/machine_probe.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/memory_limit.h"
#include "edge/proxy/spool.h"
#include "edge/tls/tls_certificate.h"
#include "server/acme_renewal.h"
#include "server/process.h"

namespace bodega::server {
namespace {

using Certificate = app::MachineProbe::Certificate;

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// The machine's memory, or the control group's limit if that is lower.
std::int64_t memory() {
    const std::int64_t bytes = std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
    const auto limit = base::memory_limit();
    return limit ? std::min(bytes, limit->max) : bytes;
}

Certificate probe_certificate(const std::string& pair) {
    Certificate out;
    out.file = pair.substr(0, pair.find(' '));
    try {
        const edge::TlsCertificate loaded = edge::load_certificate(edge::CertificateFiles::of(pair));
        out.expires_at = loaded.expires_at * 1000;
        out.self_signed = loaded.self_signed;
    } catch (const base::Error& error) {
        out.failure = error.what();
    }
    return out;
}

// Checks the spool folder as serve does. Only upstreams need that folder.
std::optional<app::MachineProbe::Spool> probe_spool(const config::Edge& settings) {
    if (settings.upstreams.empty()) return std::nullopt;
    app::MachineProbe::Spool out;
    edge::Spool spool;
    spool.follow(settings.spool_dir, settings.spool_limit);
    out.folder = spool.dir();
    try {
        spool.check();
    } catch (const base::Error& error) {
        out.failure = error.what();
    }
    struct statvfs disk {};
    if (::statvfs(out.folder.c_str(), &disk) == 0) out.free = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
    return out;
}

}  // namespace

app::MachineProbe probe_machine(const config::Config& config) {
    app::MachineProbe facts;
    facts.file_limit = raise_file_limit();
    config::Config fitted = config;
    fit_connections(fitted, facts.file_limit);
    facts.connections = fitted.edge.max_connections;
    facts.memory = memory();
    const std::string ulp = " " + first_line("/proc/sys/net/ipv4/tcp_available_ulp") + " ";
    facts.has_kernel_tls = ulp.find(" tls ") != ulp.npos;
    facts.spool = probe_spool(config.edge);
    facts.now = base::now_ms();
    for (const std::string& pair : config.edge.tls.certificates) facts.certificates.push_back(probe_certificate(pair));
    if (!config.edge.acme.names.empty()) facts.certificates.push_back(probe_certificate(acme_pair(config)));
    return facts;
}

}  // namespace bodega::server
