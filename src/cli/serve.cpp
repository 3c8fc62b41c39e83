#include <exception>
#include <memory>
#include <optional>

#include "app/uploads/writers.h"
#include "base/body_recalls.h"
#include "base/error.h"
#include "base/inherited_sockets.h"
#include "base/log.h"
#include "base/version.h"
#include "server/acme_renewal.h"
#include "cli/announcement.h"
#include "server/run_until_stopped.h"
#include "server/late_bound_blobs.h"
#include "server/catalog_start.h"
#include "cli/commands.h"
#include "server/data_dir.h"
#include "server/drain.h"
#include "server/first_admin.h"
#include "server/fleet_gauges.h"
#include "server/housekeeping.h"
#include "server/logs.h"
#include "server/node_address.h"
#include "server/overridden.h"
#include "server/process.h"
#include "server/signals.h"
#include "server/status.h"
#include "server/backend.h"
#include "server/successor.h"
#include "server/systemd.h"
#include "server/tls_renewal.h"
#include "config/read.h"
#include "edge/admin.h"
#include "edge/server.h"
#include "web/server.h"

namespace bodega::cli {
namespace {

namespace log = base::log;

using Sockets = std::shared_ptr<base::InheritedSockets>;

// What whoever started this process gave it along. Before any other thread runs.
struct Handed {
    const Sockets sockets = base::InheritedSockets::from_environment();
    Predecessor predecessor;
    const Systemd systemd;
};

// nullptr: the configuration has none.
std::unique_ptr<edge::Server> start_edge(const config::Config& config,
                                         const std::shared_ptr<base::ChannelListener>& app, const BodyDoor& bodies,
                                         base::BodyRecalls& recalls, Logs& logs, const Sockets& sockets) {
    if (config.edge.listen.empty()) return nullptr;
    edge::Options options;
    options.settings = config.edge;
    options.app_listener = app;
    options.open_body = bodies.opener();
    options.recalls = &recalls;
    options.blobs_root = shared_dir(config) + "/blobs";
    options.site_root = shared_dir(config) + "/site";
    options.shared_root = shared_dir(config);
    options.inherited = sockets;
    // Whoever held them before goes on until this one is ready, or the kernel keeps who connects waiting.
    options.opens_later = !sockets->empty();
    if (logs.has_access()) options.on_access = [&logs](const edge::Access& access) { logs.write(access); };
    auto server = std::make_unique<edge::Server>(std::move(options));
    server->start();
    return server;
}

// nullptr: the configuration has none.
std::unique_ptr<edge::Admin> start_admin(const config::Config& config, const Status& status, const Sockets& sockets) {
    if (config.edge.admin_listen.empty()) return nullptr;
    edge::Admin::Options options;
    options.listen = config.edge.admin_listen;
    options.write_metrics = [&status](base::Exposition& out) { status.write_metrics(out); };
    options.is_ready = [&status] { return status.is_ready(); };
    options.inherited = sockets;
    auto admin = std::make_unique<edge::Admin>(std::move(options));
    admin->start();
    return admin;
}

// A unix socket's file says who may connect; a port is anybody's of this machine.
std::string proxy_secret(const config::App& settings) {
    if (settings.listen.empty() || settings.listen.starts_with('/')) return {};
    if (!settings.proxy_secret_file.empty())
        return config::read_secret(settings.proxy_secret_file, "app.proxy_secret_file");
    base::log::warn(
        "serve",
        "app.listen is a port and app.proxy_secret_file is empty: what a proxy there says of its clients is "
        "not believed, and all of them count as one; set it, or listen on a unix socket",
        {{"listen", settings.listen}});
    return {};
}

web::Server::Options app_options(const Storehouse& house, const std::shared_ptr<base::ChannelListener>& channels,
                                 const Sockets& sockets, const Drain& drain, const std::optional<AcmeUpkeep>& acme) {
    const config::App& settings = house.config().app;
    web::Server::Options options;
    options.listen = settings.listen;
    options.channels = channels;
    options.inherited = sockets;
    options.threads = settings.threads;
    options.uploads = settings.uploads;
    options.max_memory = settings.max_memory;
    options.trusted_proxies = settings.trusted_proxies;
    options.proxy_secret = proxy_secret(settings);
    options.is_ready = [&house, &drain, &acme] {
        if (const auto why = house.why_forbidden()) throw base::Error(base::Code::unavailable, *why);
        if (const auto why = acme ? acme->why_unready() : std::nullopt)
            throw base::Error(base::Code::unavailable, *why);
        if (const auto why = drain.why()) throw base::Error(base::Code::unavailable, *why);
        return house.shared_answers();
    };
    return options;
}

// What is unwise is said of a server that runs: a start that is refused says in one line why.
void log_ready(const std::string& node, const config::Config& config, int wanted_connections) {
    warn_of_limit(config, wanted_connections);
    warn_of_exposure(config);
    log::info("serve", "ready",
              {{"version", base::version()}, {"node", node}, {"max_connections", config.edge.max_connections}});
}

void log_hash_memory(const app::Passwords& passwords, const config::Config& config) {
    if (passwords.memory() < config.accounts.argon2_memory)
        log::info("serve", "new hashes take less memory than accounts.argon2_memory: the control group allows no more",
                  {{"bytes", passwords.memory()}});
}

void close_rest(const Handed& handed) {
    for (const std::string& address : handed.sockets->close_rest())
        log::warn("serve", "a socket that was handed over is of no listener; it was closed", {{"address", address}});
}

int serve(const Invocation& invocation, const config::Config& config, int wanted_connections, Logs& logs,
          Signals& signals, Handed& handed) {
    auto channels = std::make_shared<base::ChannelListener>();
    const BodyDoor bodies;
    base::BodyRecalls recalls;
    // The edge first: a port in use is found before anything is made. Until the app is up it answers 502.
    std::unique_ptr<edge::Server> edge = start_edge(config, channels, bodies, recalls, logs, handed.sockets);
    Drain drain;
    FleetGauges gauges;
    Status status(edge.get(), logs, drain, gauges);
    std::unique_ptr<edge::Admin> admin = start_admin(config, status, handed.sockets);
    // Up to here and until both agree, a process that this one is to replace serves on the same sockets, so a stop
    // takes effect at once, after whichever step.
    const auto stopped = [&signals] { return signals.is_stopped_within(config::Duration::zero()); };
    make_data_dir(config);
    logs.open();
    if (stopped() || !start_catalog(config, signals)) return kDone;
    Storehouse house(config, Storehouse::Absent::make);
    if (stopped()) return kDone;
    app::Writers writers(recalls, house.services().blobs, config.node.data_dir + "/uploading");
    house.set_writers(writers);
    app::release_held_by_gone(house.services());
    const BodyDoor::Lent lent(bodies, house.services().blobs, edge.get());
    Housekeeping housekeeping(house.services(), {status, drain, signals, gauges, house},
                              node_address(edge ? edge->urls() : std::vector<std::string>{}));
    // Before anybody is told that this node is ready: an unattended start's administrator can sign in then.
    app::Passwords passwords(config.accounts);
    log_hash_memory(passwords, config);
    auto invitation = invite_first_admin(house.services(), passwords, public_url(config, edge.get()));
    if (stopped()) return kDone;
    // The fleet's certificate before this node is ready, in place of one that it made.
    std::optional<AcmeUpkeep> acme;
    if (edge) {
        acme.emplace(house.services());
        edge->look_at_certificates();
    }
    web::Server app(house.services(), app_options(house, channels, handed.sockets, drain, acme));
    app.leave_socket(handed.predecessor.exists());
    if (stopped()) return kDone;
    app.start();
    if (edge) edge->open();
    const Status::Shown shown(status, app, house.services().catalog);
    std::optional<TlsUpkeep> tls;
    if (edge) tls.emplace(house.services(), *edge);
    if (acme) acme->start();
    log_ready(housekeeping.node_name(), config, wanted_connections);
    announce(config, edge.get(), admin.get(), invitation);
    close_rest(handed);
    handed.systemd.ready();
    const Running running{invocation, config,     signals,     logs, handed.systemd,
                          drain,      edge.get(), admin.get(), app,  housekeeping};
    if (!handed.predecessor.agree(signals)) {
        log::warn("serve", "the process that started this one continues to serve: this one ends");
        leave(running);
        return kDone;
    }
    app.leave_socket(false);
    attend(running);
    return kDone;
}

int serve(const Invocation& invocation, Handed& handed) {
    limit_heap();
    prefer_throughput();
    Signals signals;
    config::Reading reading = invocation.config_with_origins();
    config::Config& config = reading.config;
    prepare_acme(config);
    Logs logs(config);
    log_overridden(reading.origins);
    const int wanted_connections = config.edge.max_connections;
    fit_connections(config, raise_file_limit());
    int code = serve(invocation, config, wanted_connections, logs, signals, handed);
    log::info("serve", "stopped");
    return code;
}

int run_serve(const Invocation& invocation) {
    Handed handed;
    try {
        return serve(invocation, handed);
    } catch (const std::exception& error) {
        handed.predecessor.refuse(error.what());
        throw;
    }
}

}  // namespace

const Command& serve_command() {
    static constexpr Command command{
        "serve",
        "",
        "serve the team's files over HTTP",
        "Serves the web app and its API until SIGTERM or SIGINT; then requests in flight end first, for at most\n"
        "node.drain_limit. A second signal ends it at once. SIGHUP reads the configuration anew; one that is wrong\n"
        "changes nothing. SIGUSR1 opens the log files anew. SIGUSR2 starts the binary as it is on the disk by now,\n"
        "hands it the listening sockets, and ends once it is ready. The first start prints a URL that makes the first\n"
        "administrator, once; unattended, set BODEGA_ADMIN_USER and BODEGA_ADMIN_PASSWORD_FILE.",
        {},
        0,
        0,
        true,
        run_serve};
    return command;
}

}  // namespace bodega::cli
