#include "cli/announcement.h"

#include <unistd.h>

#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "cli/console.h"
#include "server/node_address.h"
#include "server/node_name.h"
#include "server/process.h"
#include "config/value.h"

namespace bodega::cli {
namespace {

namespace log = base::log;

// "http://0.0.0.0:9090", "[::]:5000", ":5000"
bool is_on_all_addresses(std::string_view listener) {
    if (const std::size_t scheme = listener.find("://"); scheme != listener.npos) listener.remove_prefix(scheme + 3);
    const std::string_view host = listener.substr(0, listener.rfind(':'));
    return host.empty() || host == "0.0.0.0" || host == "[::]";
}

void tell(const config::Config& config, const edge::Server* edge, const edge::Admin* admin,
          const std::optional<std::string>& invitation) {
    if (!edge) say("bodega's app listens on " + config.app.listen);
    for (const std::string& url : edge ? edge->urls() : std::vector<std::string>{}) say("bodega listens on " + url);
    if (admin) say("bodega's metrics are on " + admin->url() + "/metrics");
    if (!invitation) return;
    say("There is no administrator yet. Within " + config::format_duration(config.accounts.setup_lifetime) +
        ", open this once to become the first:\n\n    " + *invitation +
        "\n\nLater, restart bodega for another, or run: bodega user add --admin NAME");
}

}  // namespace

std::string public_url(const config::Config& config, const edge::Server* edge) {
    if (!config.app.public_url.empty()) return config.app.public_url;
    if (edge) return node_address(edge->urls());
    const std::string& app = config.app.listen;
    // The proxy in front has a name that nobody told: this machine's, for one.
    if (app.starts_with('/')) return "http://" + node_name(config.node);
    return node_address({"http://" + (app.starts_with(':') ? "0.0.0.0" + app : app)});
}

void announce(const config::Config& config, const edge::Server* edge, const edge::Admin* admin,
              const std::optional<std::string>& invitation) {
    try {
        tell(config, edge, admin, invitation);
    } catch (const base::Error& error) {
        log::warn("serve",
                  invitation ? "the URL that makes the first administrator could not be shown; run bodega user add "
                               "--admin NAME, or restart bodega"
                             : "where this server listens could not be shown",
                  {{"error", error.what()}});
    }
}

void warn_of_limit(const config::Config& config, int wanted) {
    if (config.edge.listen.empty() || config.edge.max_connections >= wanted) return;
    log::warn("serve",
              "the limit of open files leaves room for fewer connections than edge.max_connections; raise it (systemd: "
              "LimitNOFILE=65536, shell: ulimit -n)",
              {{"open_files", raise_file_limit()}, {"connections", config.edge.max_connections}, {"wanted", wanted}});
}

void warn_of_exposure(const config::Config& config) {
    if (::geteuid() == 0)
        log::warn("serve", "this server runs as root: give it a user of its own, as the unit of bodega kit does");
    const std::string& app = config.app.listen;
    if (!app.empty() && !app.starts_with('/') && is_on_all_addresses(app))
        log::warn("serve",
                  "app.listen is on all addresses: whoever reaches that port goes past the proxy, its TLS and its "
                  "limits; listen on a unix socket or on 127.0.0.1",
                  {{"listen", app}});
    const std::string& admin = config.edge.admin_listen;
    if (!admin.empty() && is_on_all_addresses(admin))
        log::warn("serve",
                  "edge.admin_listen is on all addresses: whoever reaches that port reads the metrics; listen on "
                  "127.0.0.1 or on an address of a private network",
                  {{"listen", admin}});
}

}  // namespace bodega::cli
