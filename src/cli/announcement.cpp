#include "cli/announcement.h"

#include <exception>

#include "base/log.h"
#include "cli/console.h"
#include "config/value.h"

namespace bodega::cli {
namespace {

void print(const server::NodeReady& ready) {
    if (!ready.app_address.empty()) say("bodega's app listens on " + ready.app_address);
    for (const std::string& url : ready.edge_urls) say("bodega listens on " + url);
    if (!ready.metrics_url.empty()) say("bodega's metrics are on " + ready.metrics_url);
    if (!ready.setup_url) return;
    say("There is no administrator yet. Within " + config::format_duration(ready.setup_lifetime) +
        ", open this once to become the first:\n\n    " + *ready.setup_url +
        "\n\nLater, restart bodega for another, or run: bodega user add --admin NAME");
}

}  // namespace

void announce(const server::NodeReady& ready) noexcept {
    try {
        print(ready);
    } catch (const std::exception& error) {
        base::log::warn("serve",
                        ready.setup_url
                            ? "could not print the URL that creates the first administrator; run bodega user add "
                              "--admin NAME, or restart bodega"
                            : "could not print where this server listens",
                        {{"error", error.what()}});
    }
}

}  // namespace bodega::cli
