#include "server/reload.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "server/acme_renewal.h"
#include "cli/announcement.h"
#include "server/overridden.h"
#include "server/process.h"
#include "config/change.h"

namespace bodega::cli {
namespace {

namespace log = base::log;

std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

// The edge goes first: it is what can refuse.
void follow(Running& running, const config::Change& change) {
    if (running.edge) running.edge->reload(change.config.edge);
    running.logs.follow(change.config.log);
    running.config = change.config;
    if (!change.for_restart.empty()) {
        log::warn("serve", "settings have changed that need a restart; until then the old ones hold",
                  {{"settings", joined(change.for_restart)}});
    }
    log::info("serve", "the configuration was read anew", {{"changed", joined(change.followed)}});
}

}  // namespace

void reload(Running& running) {
    running.systemd.reloading();
    try {
        config::Reading reading = running.invocation.config_with_origins();
        config::Config& fresh = reading.config;
        log_overridden(reading.origins);
        const int wanted = fresh.edge.max_connections;
        fit_connections(fresh, raise_file_limit());
        warn_of_limit(fresh, wanted);
        prepare_acme(fresh);
        config::Change change = config::compare(running.config, fresh);
        bool had_edge = !running.config.edge.listen.empty(), has_edge = !fresh.edge.listen.empty();
        if (had_edge != has_edge)
            throw base::Error(base::Code::config_invalid, "edge.listen: the edge itself comes and goes by a restart");
        follow(running, change);
    } catch (const base::Error& error) {
        log::error("serve", "the configuration was not taken; the old one holds", {{"error", error.what()}});
    }
    running.systemd.ready();
}

}  // namespace bodega::cli
