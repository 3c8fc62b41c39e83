#include "app/doctor/check_machine.h"

#include <algorithm>

#include "base/network.h"

namespace bodega::app {
namespace {

constexpr base::Milliseconds kDay = 24 * 3600 * std::int64_t{1000};

Diagnosis check_files(const MachineProbe& probe, const config::Config& config) {
    constexpr std::string_view kCheck = "machine.open_files";
    const std::string what = "the limit of open files is " + std::to_string(probe.file_limit);
    if (probe.connections >= config.edge.max_connections) return {kCheck, Verdict::ok, what, ""};
    const std::string full = what + ", which leaves room for " + std::to_string(probe.connections) + " of " +
                             std::to_string(config.edge.max_connections) + " connections";
    return {kCheck, probe.connections < 100 ? Verdict::fail : Verdict::warn, full,
            "raise it (systemd: LimitNOFILE=65536, shell: ulimit -n), or lower edge.max_connections"};
}

Diagnosis check_memory(const MachineProbe& probe, const config::Config& config) {
    constexpr std::string_view kCheck = "machine.memory";
    constexpr std::int64_t kMiB = 1 << 20, kOwn = 64 * kMiB;
    const std::int64_t hashes = config.accounts.argon2_memory * config.accounts.argon2_concurrency;
    const std::int64_t wanted = kOwn + hashes + config.app.listing_cache + config.edge.max_memory;
    const std::string what = std::to_string(probe.memory / kMiB) + " MiB; the settings allow " +
                             std::to_string(wanted / kMiB) + " MiB to be used";
    if (probe.memory >= wanted) return {kCheck, Verdict::ok, what, ""};
    const bool enough = probe.memory >= kOwn + hashes;
    return {kCheck, enough ? Verdict::warn : Verdict::fail, what,
            "lower edge.max_memory and accounts.argon2_memory, or take a larger machine"};
}

bool is_public(const std::string& listener) {
    static const base::Networks loopback("loopback", {"127.0.0.0/8", "::1/128"});
    const std::size_t start = listener.find("://");
    if (start == listener.npos) return false;
    std::string host = listener.substr(start + 3);
    host = host.substr(0, host.find_first_of("/ "));
    if (host.starts_with('[')) host = host.substr(1, host.find(']') - 1);
    else host = host.substr(0, host.rfind(':'));
    return host != "localhost" && !loopback.contain(host);
}

Diagnosis check_trust(const config::Config& config) {
    constexpr std::string_view kCheck = "edge.proxy_trust";
    const auto& trusted = config.edge.trusted_proxies;
    for (const std::string& network : trusted) {
        if (!network.ends_with("/0")) continue;
        return {kCheck, Verdict::fail, "edge.trusted_proxies has " + network + ": any client can claim any address",
                "name only the balancer's own networks"};
    }
    if (!trusted.empty()) return {kCheck, Verdict::ok, "proxies are trusted by their networks", ""};
    const auto& listeners = config.edge.listen;
    const bool behind = config.app.public_url.starts_with("https://") &&
                        std::ranges::any_of(listeners, [](const std::string& listener) {
                            return listener.starts_with("http://") && is_public(listener);
                        });
    const bool own_tls =
        std::ranges::any_of(listeners, [](const std::string& listener) { return listener.starts_with("https://"); });
    if (!behind || own_tls)
        return {kCheck, Verdict::ok, "no proxy is trusted, and there seems to be no proxy in front", ""};
    return {kCheck, Verdict::fail,
            "app.public_url is https and the edge listens on http: a balancer is in front, and none is trusted, so all "
            "clients have its address and share its limits",
            "set edge.trusted_proxies to the balancer's networks"};
}

// Checks whether other users of the machine can pretend to be the proxy on app.listen. Every user can connect to a
// port.
Diagnosis check_app_trust(const config::App& app) {
    constexpr std::string_view kCheck = "app.proxy_trust";
    if (app.listen.starts_with('/'))
        return {kCheck, Verdict::ok, "app.listen is a unix socket: its file permissions decide which users can connect",
                ""};
    if (!app.proxy_secret_file.empty())
        return {kCheck, Verdict::ok, "a proxy in front is trusted if it sends the secret", ""};
    return {kCheck, Verdict::warn,
            "app.listen is a port and app.proxy_secret_file is empty: a proxy's statements about its clients are not "
            "trusted, so all clients have one address and share its limits",
            "let app.listen be a unix socket, or set app.proxy_secret_file"};
}

Diagnosis check_certificate(const MachineProbe::Certificate& certificate, base::Milliseconds now) {
    constexpr std::string_view kCheck = "edge.certificate";
    if (!certificate.failure.empty()) return {kCheck, Verdict::fail, certificate.failure, "renew it, or name another"};
    const std::int64_t days = (certificate.expires_at - now) / kDay;
    const std::string what = certificate.file + " is good for " + std::to_string(days) + " more days";
    if (days >= 21 && certificate.self_signed) {
        return {kCheck, Verdict::warn, certificate.file + " is self-signed: browsers warn of it",
                "get one from an authority; if edge.acme does that, the log says why it has not yet"};
    }
    if (days >= 21) return {kCheck, Verdict::ok, what, ""};
    return {kCheck, days < 3 ? Verdict::fail : Verdict::warn, what,
            "find out why it was not renewed: its renewal is overdue"};
}

Diagnosis check_kernel_tls(const MachineProbe& probe, const config::Config& config) {
    constexpr std::string_view kCheck = "machine.kernel_tls";
    const bool wanted = config.edge.tls.kernel != "off";
    if (probe.has_kernel_tls) {
        return {kCheck, Verdict::ok,
                wanted ? "the kernel encrypts" : "the kernel could encrypt: edge.tls.kernel = \"auto\"", ""};
    }
    if (!wanted) return {kCheck, Verdict::ok, "not available, and not needed", ""};
    return {kCheck, Verdict::warn, "edge.tls.kernel is set and the kernel has no tls module; bodega encrypts by itself",
            "run modprobe tls, also at the start of the machine"};
}

Diagnosis check_spool(const MachineProbe::Spool& spool, std::int64_t limit) {
    constexpr std::string_view kCheck = "edge.spool";
    constexpr std::int64_t kMiB = 1 << 20;
    if (!spool.failure.empty())
        return {kCheck, Verdict::fail, spool.failure, "give it to the account that bodega runs as, or name another"};
    const std::string what = spool.folder + " has " + std::to_string(spool.free / kMiB) + " MiB for " +
                             std::to_string(limit / kMiB) + " MiB of bodies to upstreams";
    if (spool.free >= limit) return {kCheck, Verdict::ok, what, ""};
    return {kCheck, Verdict::warn, what, "make room, lower edge.spool_limit, or set edge.spool_dir"};
}

}  // namespace

Diagnoses check_machine(const MachineProbe& probe, const config::Config& config) {
    Diagnoses out{check_files(probe, config), check_memory(probe, config), check_trust(config)};
    // Skips the certificates if the edge has no listener: NGINX serves them then, and bodega may have no right to read
    // them.
    if (!config.edge.listen.empty())
        for (const auto& certificate : probe.certificates) out.push_back(check_certificate(certificate, probe.now));
    out.push_back(check_kernel_tls(probe, config));
    if (probe.spool) out.push_back(check_spool(*probe.spool, config.edge.spool_limit));
    if (!config.app.listen.empty()) out.push_back(check_app_trust(config.app));
    return out;
}

}  // namespace bodega::app
