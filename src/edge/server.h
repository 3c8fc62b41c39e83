// The edge: serves HTTP/1.1 and HTTP/2 on the configured listeners, with or without TLS, in front of the app. Each core
// has an event loop.
//
//   edge::Server server({config.edge, app_socket, config.node.shared_dir + "/blobs"});
//   server.start();                       // throws Error{config_invalid} if, for example, an address is in use
//   for (auto& url : server.urls()) …     // "http://127.0.0.1:8080", with the real port if 0 was configured
//   server.drain(30s);                    // accepts no connections, lets requests in flight end, then calls stop()
//
// Answers /livez and the embedded web app itself. Forwards /api/, /s/ and /readyz to the app, and answers the app's
// X-Accel-Redirect with the bytes of a file. The app may start later than the edge; until then the edge answers 502.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/exposition.h"
#include "base/inherited_sockets.h"
#include "config/config.h"
#include "edge/exchange/options.h"
#include "edge/exchange/stats.h"
#include "edge/tls/ticket_keys.h"

namespace bodega::edge {

using config::Duration;

// Thread-safe, but only one thread at a time may call start, reload, drain and stop.
class Server {
public:
    explicit Server(Options options);
    ~Server();  // calls stop()
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds every listener, then starts the loops' threads. Throws base::Error{config_invalid} with one line if an
    // address is malformed or in use, or if a certificate can't be served. In that case no address stays bound.
    void start();

    // Begins to accept connections if Options::opens_later was set. Otherwise start() does that.
    void open();

    // The URLs that start() has bound, in the order of settings.listen. Empty before start().
    std::vector<std::string> urls() const;

    // Applies new settings while the server runs. Opens new listeners. Closes removed listeners after accepting their
    // waiting connections. Existing connections stay, and their next requests use the new settings. Requests in flight
    // keep the routes with which they began. Does not change `loops` and `file_threads`. May take seconds, since it
    // looks up the names of upstreams. Throws base::Error{config_invalid} for settings that can't be applied; nothing
    // has changed then.
    void reload(const config::Edge& settings);

    // The listening sockets, for a new process that inherits them. They are open until drain() or stop().
    std::vector<base::ListeningSocket> sockets() const;

    // Stops accepting and answers requests in flight with `Connection: close`. Idle connections get one second for one
    // more request (five seconds with Listeners::left). Calls stop() when all connections have ended, or after `limit`.
    // Returns true if no connection had to be cut. Listeners::left: another process accepts on the same sockets.
    enum class Listeners : bool { closed, left };
    bool drain(Duration limit, Listeners listeners = Listeners::closed);

    // Cuts every connection and joins the threads. Idempotent.
    void stop();

    // Checks whether a loop hangs: returns true if each loop completes a turn within `limit`.
    bool answers(Duration limit) const;

    Stats stats() const;
    Traffic traffic() const;

    // Appends the edge's metrics: connections, requests by route, upstreams.
    void write_metrics(base::Exposition& out) const;

    // True if a listener accepts TLS.
    bool has_tls() const;

    // Loads the files of edge.tls.certificates again if they have changed. New connections then use the new files
    // (tls/live_tls_contexts.h). May block on the disk. Does nothing without TLS.
    void reload_changed_certificates();

    // Sets the keys of TLS session tickets, which all nodes of the fleet share. Until then the server uses a random
    // key. Requires: not empty.
    void set_ticket_keys(std::vector<TicketKey> keys);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::edge
