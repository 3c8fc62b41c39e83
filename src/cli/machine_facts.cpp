#include "cli/machine_facts.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <limits>

#include "base/error.h"
#include "cli/process.h"
#include "edge/tls_certificate.h"

namespace bodega::cli {
namespace {

using Certificate = app::MachineFacts::Certificate;

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// What the machine has, or less if the control group allows less ("max": no limit).
std::int64_t memory() {
    std::int64_t bytes = std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
    for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
        const std::string limit = first_line(path);
        if (!limit.empty() && limit.size() < 19 && limit.find_first_not_of("0123456789") == limit.npos) {
            bytes = std::min<std::int64_t>(bytes, std::stoll(limit));
        }
    }
    return bytes;
}

Certificate look_at(const std::string& pair) {
    Certificate out{pair.substr(0, pair.find(' ')), "", 0};
    try {
        const edge::TlsCertificate loaded = edge::load_certificate(edge::CertificateFiles::of(pair));
        std::tm end{};
        if (ASN1_TIME_to_tm(X509_get0_notAfter(loaded.certificate.get()), &end) == 1) {
            out.expires_at = base::Milliseconds{::timegm(&end)} * 1000;
        }
    } catch (const base::Error& error) {
        out.failure = error.what();
    }
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
    facts.now = base::now_ms();
    for (const std::string& pair : config.edge.tls.certificates) facts.certificates.push_back(look_at(pair));
    return facts;
}

}  // namespace bodega::cli
