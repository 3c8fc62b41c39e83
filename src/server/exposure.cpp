#include "server/exposure.h"

#include <unistd.h>

#include <string>
#include <string_view>

#include "base/log.h"
#include "server/process.h"

namespace bodega::server {
namespace {

namespace log = base::log;

// True for listeners such as "http://0.0.0.0:9090", "[::]:5000" and ":5000".
bool is_on_all_addresses(std::string_view listener) {
    if (const std::size_t scheme = listener.find("://"); scheme != listener.npos) listener.remove_prefix(scheme + 3);
    const std::string_view host = listener.substr(0, listener.rfind(':'));
    return host.empty() || host == "0.0.0.0" || host == "[::]";
}

}  // namespace

void warn_of_limit(const config::Config& config, int wanted) {
    if (config.edge.listen.empty() || config.edge.max_connections >= wanted) return;
    log::warn("serve",
              "the limit of open files leaves room for fewer connections than edge.max_connections; raise it (systemd: "
              "LimitNOFILE=65536, shell: ulimit -n)",
              {{"open_files", raise_file_limit()}, {"connections", config.edge.max_connections}, {"wanted", wanted}});
}

void warn_of_exposure(const config::Config& config) {
    if (::geteuid() == 0)
        log::warn("serve",
                  "this server runs as root: run it under its own user, as the systemd unit of bodega kit does");
    const std::string& app = config.app.listen;
    if (!app.empty() && !app.starts_with('/') && is_on_all_addresses(app))
        log::warn("serve",
                  "app.listen is on all addresses: clients that reach that port bypass the proxy, its TLS and its "
                  "limits; listen on a unix socket or on 127.0.0.1",
                  {{"listen", app}});
    const std::string& admin = config.edge.admin_listen;
    if (!admin.empty() && is_on_all_addresses(admin))
        log::warn("serve",
                  "edge.admin_listen is on all addresses: anyone who reaches that port can read the metrics; listen on "
                  "127.0.0.1 or on an address of a private network",
                  {{"listen", admin}});
}

}  // namespace bodega::server
