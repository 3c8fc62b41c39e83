#include "app/doctor/check_database.h"

#include <algorithm>
#include <charconv>

#include "app/doctor/check_time.h"
#include "base/network.h"

namespace bodega::app {
namespace {

using namespace std::chrono_literals;

struct Version {
    int major = 0, minor = 0;
    auto operator<=>(const Version&) const = default;
};

Version version_of(std::string_view text) {
    Version version;
    const auto* end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ptr < end && *major.ptr == '.') std::from_chars(major.ptr + 1, end, version.minor);
    return version;
}

Diagnosis check_version(const db::ServerProbe& server) {
    constexpr std::string_view kCheck = "database.version";
    if (server.dialect == db::Dialect::sqlite) return {kCheck, Verdict::ok, "SQLite " + server.version, ""};
    const bool mariadb = server.version.find("MariaDB") != std::string::npos;
    const Version version = version_of(server.version), least = mariadb ? Version{10, 5} : Version{8, 0},
                  good = mariadb ? Version{10, 6} : Version{8, 0};
    const std::string name = std::string(mariadb ? "MariaDB " : "MySQL ") + server.version;
    const std::string advice = "bodega is made for MySQL 8.0, MariaDB 10.6 and later: upgrade the server";
    if (version < least) return {kCheck, Verdict::fail, name + " is too old", advice};
    if (version < good) return {kCheck, Verdict::warn, name + " is not maintained by its vendor any more", advice};
    return {kCheck, Verdict::ok, name, ""};
}

// True if the connection does not leave this machine, so that nobody can read it on the network.
bool is_near(const db::Source& source) {
    static const base::Networks loopback("loopback", {"127.0.0.0/8", "::1/128"});
    return source.host.starts_with('/') || source.host == "localhost" || loopback.contain(source.host);
}

Diagnosis check_tls(const db::ServerProbe& server, const db::Source& source) {
    constexpr std::string_view kCheck = "database.tls";
    if (server.dialect == db::Dialect::sqlite) return {kCheck, Verdict::ok, "a file needs none", ""};
    if (!server.cipher.empty() && !source.ssl_ca.empty()) {
        return {kCheck, Verdict::ok, "the connection is encrypted and the server verified (" + server.cipher + ")", ""};
    }
    const std::string advice = "set database.ssl_ca to the file of the authority that signed the server's certificate";
    if (is_near(source)) return {kCheck, Verdict::ok, "the server is on this machine, without TLS", ""};
    if (!server.cipher.empty()) {
        return {kCheck, Verdict::warn, "the connection is encrypted, but the server is not verified", advice};
    }
    return {kCheck, Verdict::fail, "the connection to " + source.host + " is in the clear: password hashes, names, all",
            advice};
}

Diagnosis check_latency(const db::ServerProbe& server) {
    constexpr std::string_view kCheck = "database.latency";
    const std::string what = "a round trip takes " + times_text(server.times);
    const std::string advice =
        "a call makes one or two round trips: put the database into this network, or find out what slows it";
    const auto middle = percentile(server.times, 50);
    if (middle > 50ms) return {kCheck, Verdict::fail, what, advice};
    if (middle > 5ms || percentile(server.times, 99) > 100ms) return {kCheck, Verdict::warn, what, advice};
    return {kCheck, Verdict::ok, what, ""};
}

Diagnosis check_connections(const CatalogProbe& probe, const config::Database& settings) {
    constexpr std::string_view kCheck = "database.connections";
    const std::int64_t max = probe.server.max_connections;
    if (max == 0) return {kCheck, Verdict::ok, "no limit", ""};
    const std::int64_t nodes = std::max(probe.nodes, 1), wanted = nodes * settings.pool_size;
    const std::string what = std::to_string(nodes) + (nodes == 1 ? " node" : " nodes") + " may open " +
                             std::to_string(wanted) + " connections of the server's " + std::to_string(max);
    const std::string advice = "lower database.pool_size, or raise the server's max_connections";
    if (wanted >= max) return {kCheck, Verdict::fail, what, advice};
    if (wanted * 10 > max * 7) return {kCheck, Verdict::warn, what, advice + "; a rolling restart needs some more"};
    return {kCheck, Verdict::ok, what, ""};
}

std::string_view error_of(const CatalogProbe& probe, db::Trial::Of of) {
    const auto found = std::ranges::find(probe.trials, of, &db::Trial::of);
    return found == probe.trials.end() ? std::string_view{} : found->error;
}

Diagnosis check_functions(const CatalogProbe& probe) {
    constexpr std::string_view kCheck = "database.functions";
    const std::string_view error = error_of(probe, db::Trial::Of::functions);
    if (error.empty()) return {kCheck, Verdict::ok, "it has the functions and modes that bodega needs", ""};
    return {kCheck, Verdict::fail, std::string(error),
            "bodega can't work on this server: take a version of it that bodega's README names"};
}

Diagnosis check_lock(const CatalogProbe& probe) {
    constexpr std::string_view kCheck = "database.lock";
    const std::string_view error = error_of(probe, db::Trial::Of::lock);
    if (error.empty()) return {kCheck, Verdict::ok, "the migrations' lock can be taken", ""};
    return {kCheck, Verdict::fail, std::string(error),
            "connect to the server itself: proxies and clusters may not support GET_LOCK"};
}

Diagnosis check_writing(const CatalogProbe& probe) {
    constexpr std::string_view kCheck = "database.writing";
    if (probe.server.read_only) {
        return {kCheck, Verdict::fail, "the server is read-only: a replica, or a former writer after a failover",
                "let database.url name the writer's endpoint"};
    }
    const std::string_view error = error_of(probe, db::Trial::Of::writing);
    if (error.empty()) return {kCheck, Verdict::ok, "it takes writes", ""};
    return {kCheck, Verdict::fail, std::string(error),
            "grant the account all privileges on its database; the server's binlog_format must be ROW or MIXED"};
}

Diagnosis check_schema(const CatalogProbe& probe) {
    constexpr std::string_view kCheck = "database.schema";
    if (!probe.unfinished.empty()) {
        return {kCheck, Verdict::fail, probe.unfinished, "until then no node serves it"};
    }
    if (!probe.foreign.empty()) return {kCheck, Verdict::fail, probe.foreign, "until then bodega serve does not start"};
    const std::string what = "the schema is version " + std::to_string(probe.schema);
    if (probe.schema == probe.newest_schema) return {kCheck, Verdict::ok, what, ""};
    if (probe.schema == 0) {
        return {kCheck, Verdict::warn, "there is no catalog yet", "bodega serve makes it when it first starts"};
    }
    if (probe.schema < probe.newest_schema) {
        return {kCheck, Verdict::warn, what + ", this binary's is " + std::to_string(probe.newest_schema),
                "run bodega migrate, or start bodega serve"};
    }
    return {kCheck, Verdict::warn, what + ", newer than this binary's " + std::to_string(probe.newest_schema),
            "finish the rolling upgrade: this node has the older binary"};
}

}  // namespace

Diagnoses check_database(const CatalogProbe& probe, const db::Source& source, const config::Database& settings) {
    return {check_version(probe.server),
            check_schema(probe),
            check_tls(probe.server, source),
            check_latency(probe.server),
            check_clock("database.clock", "the database's clock", probe.server.ahead),
            check_connections(probe, settings),
            check_functions(probe),
            check_lock(probe),
            check_writing(probe)};
}

}  // namespace bodega::app
