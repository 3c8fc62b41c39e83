#include "server/reload.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/change.h"
#include "server/acme_renewal.h"
#include "server/exposure.h"
#include "server/overridden.h"
#include "server/process.h"

namespace bodega::server {
namespace {

namespace log = base::log;

std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

// Updates the edge first, because only the edge can refuse the change.
void follow(Running& running, const config::Change& change) {
    if (running.edge) running.edge->reload(change.config.edge);
    running.logs.follow(change.config.log);
    running.config = change.config;
    if (!change.for_restart.empty()) {
        log::warn("serve", "some changed settings need a restart; their old values stay in use until then",
                  {{"settings", joined(change.for_restart)}});
    }
    log::info("serve", "configuration reloaded", {{"changed", joined(change.followed)}});
}

}  // namespace

void reload(Running& running) {
    running.systemd.reloading();
    try {
        config::Reading reading = running.read_config();
        config::Config& fresh = reading.config;
        log_overridden(reading.origins);
        const int wanted = fresh.edge.max_connections;
        fit_connections(fresh, raise_file_limit());
        warn_of_limit(fresh, wanted);
        // Adds the file of the authority's certificate, which the configuration does not name. Its path is the same as
        // before, because changes of edge.acme and node.data_dir need a restart.
        if (!running.config.edge.acme.names.empty()) fresh.edge.tls.certificates.push_back(acme_pair(running.config));
        config::Change change = config::compare(running.config, fresh);
        bool had_edge = !running.config.edge.listen.empty(), has_edge = !fresh.edge.listen.empty();
        if (had_edge != has_edge)
            throw base::Error(base::Code::config_invalid, "edge.listen: turning the edge on or off needs a restart");
        follow(running, change);
    } catch (const base::Error& error) {
        log::error("serve", "configuration not reloaded; the old one stays in use", {{"error", error.what()}});
    }
    running.systemd.ready();
}

}  // namespace bodega::server
