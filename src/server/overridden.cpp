#include "server/overridden.h"

#include "base/log.h"

namespace bodega::server {

void log_overridden(const config::Origins& origins) {
    const std::string dotenv = config::overridden_by(origins, config::Source::dotenv);
    if (!dotenv.empty()) base::log::warn("serve", ".env wins over the configuration file", {{"settings", dotenv}});
    const std::string environment = config::overridden_by(origins, config::Source::environment);
    if (!environment.empty())
        base::log::info("serve", "the environment wins over the configuration file", {{"settings", environment}});
}

}  // namespace bodega::server
