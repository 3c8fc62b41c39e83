#include <exception>
#include <memory>
#include <optional>

#include "app/uploads/writers.h"
#include "base/error.h"
#include "base/inherited_sockets.h"
#include "base/log.h"
#include "base/version.h"
#include "config/read.h"
#include "edge/admin.h"
#include "edge/server.h"
#include "server/acme_renewal.h"
#include "server/backend.h"
#include "server/catalog_start.h"
#include "server/data_dir.h"
#include "server/drain.h"
#include "server/exposure.h"
#include "server/first_admin.h"
#include "server/fleet_gauges.h"
#include "server/housekeeping.h"
#include "server/logs.h"
#include "server/node.h"
#include "server/node_address.h"
#include "server/overridden.h"
#include "server/process.h"
#include "server/public_url.h"
#include "server/run_until_stopped.h"
#include "server/signals.h"
#include "server/status.h"
#include "server/successor.h"
#include "server/systemd.h"
#include "server/tls_refresh.h"
#include "web/call/upload_conversations.h"
#include "web/server.h"

namespace bodega::server {
namespace {

namespace log = base::log;

using Sockets = std::shared_ptr<base::InheritedSockets>;

// Sockets and channels that the parent process passed to this one. Created before any other thread runs.
struct Inherited {
    const Sockets sockets = base::InheritedSockets::from_environment();
    UpgradeParent upgrade_parent;
    const Systemd systemd;
};

// Returns nullptr if the edge is not configured.
std::unique_ptr<edge::Server> start_edge(const config::Config& config, const std::shared_ptr<base::PipeListener>& app,
                                         base::UploadConversations& conversations, Logs& logs, const Sockets& sockets) {
    if (config.edge.listen.empty()) return nullptr;
    edge::Options options;
    options.settings = config.edge;
    options.site = config::PublicUrl::parse(config.app.public_url).value_or(config::PublicUrl());
    options.app_listener = app;
    options.conversations = &conversations;
    options.blobs_root = shared_dir(config) + "/blobs";
    options.site_root = shared_dir(config) + "/site";
    options.shared_root = shared_dir(config);
    options.inherited = sockets;
    // Opens inherited sockets only when this node is ready. Until then, the previous process continues to serve, or the
    // kernel queues new connections.
    options.opens_later = !sockets->empty();
    if (logs.has_access()) options.on_access = [&logs](const edge::AccessLogEntry& access) { logs.write(access); };
    auto server = std::make_unique<edge::Server>(std::move(options));
    server->start();
    return server;
}

// The destructor stops the edge, so that no upload of the edge writes to blobs that are already destroyed.
struct EdgeStop {
    edge::Server* const edge;  // may be null
    ~EdgeStop() {
        if (edge) edge->stop();
    }
};

// Returns nullptr if the admin listener is not configured.
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

// Returns the secret that a proxy has to send to the app. A port needs a secret, since any local process can connect to
// it. A unix socket needs none: the permissions of its file limit which users can connect.
std::string proxy_secret(const config::App& settings) {
    if (settings.listen.empty() || settings.listen.starts_with('/')) return {};
    if (!settings.proxy_secret_file.empty())
        return config::read_secret(settings.proxy_secret_file, "app.proxy_secret_file");
    base::log::warn(
        "serve",
        "app.listen is a port and app.proxy_secret_file is empty: what a proxy there states about its clients is "
        "ignored, and all of them count as one; set app.proxy_secret_file, or listen on a unix socket",
        {{"listen", settings.listen}});
    return {};
}

web::Server::Options app_options(const Backend& backend, const std::shared_ptr<base::PipeListener>& channels,
                                 const web::UploadConversations& conversations, const Sockets& sockets,
                                 const Drain& drain, const std::optional<AcmeRenewal>& acme) {
    const config::App& settings = backend.config().app;
    web::Server::Options options;
    options.app = settings;
    options.channels = channels;
    options.conversations = &conversations;
    options.inherited = sockets;
    options.proxy_secret = proxy_secret(settings);
    options.is_ready = [&backend, &drain, &acme] {
        if (const auto why = backend.why_forbidden()) throw base::Error(base::Code::unavailable, *why);
        if (const auto why = acme ? acme->why_unready() : std::nullopt)
            throw base::Error(base::Code::unavailable, *why);
        if (const auto why = drain.why()) throw base::Error(base::Code::unavailable, *why);
        return backend.shared_answers();
    };
    return options;
}

// Returns the web app's URL on each listener of the edge.
std::vector<std::string> page_urls(const config::Config& config, const edge::Server* edge) {
    if (!edge) return {};
    std::vector<std::string> urls = edge->urls();
    const auto site = config::PublicUrl::parse(config.app.public_url).value_or(config::PublicUrl());
    if (!site.is_at_root())
        for (std::string& url : urls) url += site.base_path();
    return urls;
}

// Logs warnings only after the server has started, so that a failed start logs one line, with the reason.
void log_ready(const std::string& node, const config::Config& config, int wanted_connections) {
    warn_of_limit(config, wanted_connections);
    warn_of_exposure(config);
    log::info("serve", "ready",
              {{"version", base::version()}, {"node", node}, {"max_connections", config.edge.max_connections}});
}

void log_hash_memory(const app::Passwords& passwords, const config::Config& config) {
    if (passwords.memory() < config.accounts.argon2_memory)
        log::info("serve",
                  "new password hashes use less memory than accounts.argon2_memory: the control group allows no more",
                  {{"bytes", passwords.memory()}});
}

// Creates the folders of blobs/. If that fails, the node starts nevertheless, and each folder is created for its first
// file.
void make_parts(const Backend& backend) {
    if (backend.why_forbidden()) return;
    try {
        backend.services().blobs.make_parts();
    } catch (const base::Error& error) {
        log::warn("serve", "could not make the folders of the blobs; each will be made for its first file",
                  {{"reason", error.what()}});
    }
}

void prepare_uploads(Backend& backend, app::Writers& writers) {
    make_parts(backend);
    backend.set_writers(writers);
    app::release_held_by_gone(backend.services());
}

void close_rest(const Inherited& inherited) {
    for (const std::string& address : inherited.sockets->close_rest())
        log::warn("serve", "closed an inherited socket that no listener uses", {{"address", address}});
}

void serve(const NodeOptions& options, const config::Config& config, int wanted_connections, Logs& logs,
           Signals& signals, Inherited& inherited) {
    auto channels = std::make_shared<base::PipeListener>();
    web::UploadConversations conversations;
    // Starts the edge first, so that a port in use is found before anything is created. Until the app runs, the edge
    // answers 502.
    std::unique_ptr<edge::Server> edge = start_edge(config, channels, conversations, logs, inherited.sockets);
    Drain drain;
    FleetGauges gauges;
    Status status(edge.get(), logs, drain, gauges);
    std::unique_ptr<edge::Admin> admin = start_admin(config, status, inherited.sockets);
    // A stop ends the start after any step. This is safe during an upgrade: the previous process serves on the same
    // sockets until both processes have agreed.
    const auto stopped = [&signals] { return signals.is_stopped_within(config::Duration::zero()); };
    make_data_dir(config);
    logs.open();
    if (stopped() || !start_catalog(config, signals)) return;
    Backend backend(config, Backend::Absent::make);
    if (stopped()) return;
    app::Writers writers(backend.services().blobs, config.node.data_dir + "/uploading");
    prepare_uploads(backend, writers);
    const EdgeStop edge_stop{edge.get()};
    Housekeeping housekeeping(backend.services(), {status, drain, signals, gauges, backend},
                              node_address(edge ? edge->urls() : std::vector<std::string>{}));
    // Creates the administrator of the configuration before this node reports ready, so that the administrator can sign
    // in at once.
    app::Passwords passwords(config.accounts);
    log_hash_memory(passwords, config);
    auto invitation = invite_first_admin(backend.services(), passwords, public_url(config, edge.get()));
    if (stopped()) return;
    // Loads the fleet's certificate before this node is ready, so that a ready node does not present its self-signed
    // certificate.
    std::optional<AcmeRenewal> acme;
    if (edge) {
        acme.emplace(backend.services());
        edge->reload_changed_certificates();
    }
    web::Server app(backend.services(), app_options(backend, channels, conversations, inherited.sockets, drain, acme));
    app.leave_socket(inherited.upgrade_parent.exists());
    if (stopped()) return;
    app.start();
    if (edge) edge->open();
    const Status::AppRegistration registration(status, app, backend.services().catalog);
    std::optional<TlsRefresh> tls;
    if (edge) tls.emplace(backend.services(), *edge);
    if (acme) acme->start();
    log_ready(housekeeping.node_name(), config, wanted_connections);
    options.on_ready({page_urls(config, edge.get()), edge ? "" : config.app.listen,
                      admin ? admin->url() + "/metrics" : "", invitation, config.accounts.setup_lifetime});
    close_rest(inherited);
    inherited.systemd.ready();
    const Running running{options.read_config, config,      signals, logs,        inherited.systemd, drain,
                          edge.get(),          admin.get(), app,     housekeeping};
    if (!inherited.upgrade_parent.agree(signals)) {
        log::warn("serve", "the process that started this one continues to serve; ending this one");
        leave(running);
        return;
    }
    app.leave_socket(false);
    run_until_stopped(running);
}

void serve(const NodeOptions& options, Inherited& inherited) {
    limit_heap();
    prefer_throughput();
    Signals signals;
    config::Reading reading = options.read_config();
    config::Config& config = reading.config;
    prepare_acme(config);
    Logs logs(config);
    log_overridden(reading.origins);
    const int wanted_connections = config.edge.max_connections;
    fit_connections(config, raise_file_limit());
    serve(options, config, wanted_connections, logs, signals, inherited);
    log::info("serve", "stopped");
}

}  // namespace

void run_node(const NodeOptions& options) {
    Inherited inherited;
    try {
        serve(options, inherited);
    } catch (const std::exception& error) {
        inherited.upgrade_parent.refuse(error.what());
        throw;
    }
}

}  // namespace bodega::server
