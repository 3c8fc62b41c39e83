// The edge: HTTP/1.1 on the configured listeners, plain and over TLS, a loop per core, in front of the app.
//
//   edge::Server server({config.edge, app_socket, config.node.shared_dir + "/blobs"});
//   server.start();                       // throws Error{config_invalid}: an address in use, say
//   for (auto& url : server.urls()) …     // "http://127.0.0.1:8080", with the real port where 0 was asked
//   server.drain(30s);                    // no new connections; requests in flight end; then as stop()
//
// Answers /livez and the embedded web app by itself, proxies /api/, /s/ and /readyz to the app, and turns
// the app's X-Accel-Redirect into file bytes. The app may start after the edge: until then it is a 502.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/body_recalls.h"
#include "base/body_sink.h"
#include "base/duplex_pipe.h"
#include "base/exposition.h"
#include "base/inherited_sockets.h"
#include "config/config.h"
#include "edge/observe/access_log_entry.h"
#include "edge/observe/meters.h"
#include "edge/proxy/prober.h"
#include "edge/tls/ticket_keys.h"

namespace bodega::edge {

using config::Duration;

struct Options {
    config::Edge settings;
    std::string app_socket;                               // path of the app's unix socket
    std::shared_ptr<base::ChannelListener> app_listener;  // where the app is in this process, instead of the socket
    // How a body's file is opened that the app orders the edge to write; empty: the app writes each by itself. Called
    // on the file pool's threads.
    base::OpenBodySink open_body;
    base::BodyRecalls* recalls = nullptr;  // where their writers can be asked to stop; null: they can't be
    std::string blobs_root;                // folder that X-Accel-Redirect: /_blobs/… is resolved beneath
    std::string site_root;                 // folder of the operator's own files, below /site/; may be absent
    std::string shared_root;               // folder in which certbot's webroot, acme/, may be
    // Listening sockets to take over where their address fits; may be null.
    std::shared_ptr<base::InheritedSockets> inherited;
    bool opens_later = false;        // connections wait until open(), in the kernel's queues
    Resolve resolve = resolve_name;  // how upstream servers' names are looked up
    // Called on a loop's thread after each answer; must not block or throw. Empty: no access log.
    std::function<void(const Access&)> on_access;
};

struct Stats {
    std::uint64_t accepted = 0;            // connections, since start
    std::uint64_t refused = 0;             // connections over a limit
    std::uint64_t refused_of_address = 0;  // of these, over that of their address
    std::uint64_t requests = 0;            // heads that were parsed
    std::uint64_t bad_requests = 0;        // heads or bodies that were not HTTP
    std::uint64_t open_connections = 0;    // now
    std::uint64_t upstream_failures = 0;   // 502, 503 and 504 of ours
    std::uint64_t upstream_retries = 0;
    std::uint64_t cold_reads = 0;      // file reads that the page cache did not have
    std::uint64_t damaged_files = 0;   // downloads of a file that is missing or has another size than the catalog's
    std::uint64_t rate_limited = 0;    // answered 429
    std::uint64_t over_memory = 0;     // requests refused for want of memory
    std::uint64_t cut_for_memory = 0;  // connections that held too much
    std::uint64_t held = 0;            // bytes held for clients, now
    std::uint64_t spooled = 0;         // bytes of bodies in files, now
    std::uint64_t spool_full = 0;      // bodies that had no room there
    std::uint64_t tls_full = 0;        // handshakes
    std::uint64_t tls_resumed = 0;
    std::uint64_t tls_failed = 0;
};

// What was answered since start, of all routes together.
struct Traffic {
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;  // of these, with a status of 500 and above
    Durations::Sum duration;
};

// Thread-safe, but start, reload, drain and stop are called from one thread at a time.
class Server {
public:
    explicit Server(Options options);
    ~Server();  // as stop()
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds every listener, then starts the loops' threads. Throws base::Error{config_invalid} with one
    // clear line for an address that is malformed or in use, or a certificate that can't be served; then nothing is
    // left bound.
    void start();

    // Begins to accept connections, if start() left that for later.
    void open();

    // What start() bound, in the order of settings.listen; empty before it.
    std::vector<std::string> urls() const;

    // Follows other settings while it serves: listeners that are new are opened, those that are gone closed once their
    // callers are in; connections stay, and their next requests go by the new settings. Requests in flight keep the
    // routes that they began with. `loops` and `file_threads` stay as they were. May take seconds (names of upstreams
    // are looked up). Throws base::Error{config_invalid} for what can't be followed; then nothing has changed.
    void reload(const config::Edge& settings);

    // The sockets that it listens on, for a process that takes them over; open until drain() or stop().
    std::vector<base::ListeningSocket> sockets() const;

    // Stops accepting, lets requests in flight end with `Connection: close` and idle connections have one more, for
    // a moment; for `limit` at most; then as stop(). Returns true if nothing had to be cut.
    // Doors::left: another process accepts what comes, on the same sockets.
    enum class Doors : bool { closed, left };
    bool drain(Duration limit, Doors doors = Doors::closed);

    // Cuts every connection and joins the threads. Idempotent.
    void stop();

    // Whether each loop comes round within that time: it is not stuck.
    bool answers(Duration limit) const;

    Stats stats() const;
    Traffic traffic() const;

    // Appends what the edge counts: connections, requests by route, upstreams.
    void write_metrics(base::Exposition& out) const;

    // Whether a listener takes TLS.
    bool has_tls() const;

    // Looks whether the files of edge.tls.certificates have changed, and takes the new ones for new connections; see
    // tls.h. May block on the disk. Nothing to do without TLS.
    void look_at_certificates();

    // The keys of TLS session tickets that the fleet shares, instead of a random one. Requires: not empty.
    void set_ticket_keys(std::vector<TicketKey> keys);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::edge
