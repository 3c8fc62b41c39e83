#include "server/machine_probe.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/memory_limit.h"
#include "server/acme_renewal.h"
#include "server/process.h"
#include "edge/proxy/spool.h"
#include "edge/tls/tls_certificate.h"

namespace bodega::cli {
namespace {

using Certificate = app::MachineFacts::Certificate;

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// What the machine has, or less if the control group allows less.
std::int64_t memory() {
    const std::int64_t bytes = std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
    const auto limit = base::memory_limit();
    return limit ? std::min(bytes, limit->most) : bytes;
}

Certificate look_at(const std::string& pair) {
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

// As serve looks at it; only where bodies go to upstreams.
std::optional<app::MachineFacts::Spool> look_at_spool(const config::Edge& settings) {
    if (settings.upstreams.empty()) return std::nullopt;
    app::MachineFacts::Spool out;
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

app::MachineFacts look_at_machine(const config::Config& config) {
    app::MachineFacts facts;
    facts.file_limit = raise_file_limit();
    config::Config fitted = config;
    fit_connections(fitted, facts.file_limit);
    facts.connections = fitted.edge.max_connections;
    facts.memory = memory();
    const std::string ulp = " " + first_line("/proc/sys/net/ipv4/tcp_available_ulp") + " ";
    facts.has_kernel_tls = ulp.find(" tls ") != ulp.npos;
    facts.spool = look_at_spool(config.edge);
    facts.now = base::now_ms();
    for (const std::string& pair : config.edge.tls.certificates) facts.certificates.push_back(look_at(pair));
    if (!config.edge.acme.names.empty()) facts.certificates.push_back(look_at(acme_pair(config)));
    return facts;
}

}  // namespace bodega::cli
