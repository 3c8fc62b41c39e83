// The edge: serves HTTP/1.1 and HTTP/2 on the configured listeners, plain and over TLS, with one event loop per core,
// in front of the app.
//
//   edge::Server server({config.edge, app_socket, config.node.shared_dir + "/blobs"});
//   server.start();                       // throws Error{config_invalid}: an address in use, for example
//   for (auto& url : server.urls()) …     // "http://127.0.0.1:8080", with the real port if 0 was configured
//   server.drain(30s);                    // no new connections; requests in flight end; then as stop()
//
// Answers /livez and the embedded web app itself, proxies /api/, /s/ and /readyz to the app, and turns the app's
// X-Accel-Redirect into file bytes. The app may start after the edge: until then the answer is a 502.
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

// Thread-safe, but call start, reload, drain and stop from one thread at a time.
class Server {
public:
    explicit Server(Options options);
    ~Server();  // calls stop()
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds every listener, then starts the loops' threads. Throws base::Error{config_invalid} with one clear line for
    // an address that is malformed or in use, or a certificate that can't be served; nothing then stays bound.
    void start();

    // Begins to accept connections, if Options::opens_later made start() skip that.
    void open();

    // The URLs that start() bound, in the order of settings.listen; empty before start().
    std::vector<std::string> urls() const;

    // Applies new settings while it serves. New listeners are opened. Removed ones are closed after their waiting
    // connections were accepted. Connections stay, and their next requests use the new settings; requests in flight
    // keep the routes that they began with. `loops` and `file_threads` don't change. May take seconds (upstreams'
    // names are looked up). Throws base::Error{config_invalid} for settings that can't be applied; nothing has then
    // changed.
    void reload(const config::Edge& settings);

    // The sockets that it listens on, for the process that takes them over; open until drain() or stop().
    std::vector<base::ListeningSocket> sockets() const;

    // Stops accepting, ends requests in flight with `Connection: close`, and gives idle connections a second (five
    // with Listeners::left) for one more request. After `limit` at most, does what stop() does. Returns true if no
    // connection had to be cut. Listeners::left: another process accepts on the same sockets.
    enum class Listeners : bool { closed, left };
    bool drain(Duration limit, Listeners listeners = Listeners::closed);

    // Cuts every connection and joins the threads. Idempotent.
    void stop();

    // True if each loop completes a turn within `limit`: none is stuck.
    bool answers(Duration limit) const;

    Stats stats() const;
    Traffic traffic() const;

    // Appends the edge's metrics: connections, requests by route, upstreams.
    void write_metrics(base::Exposition& out) const;

    // True if a listener accepts TLS.
    bool has_tls() const;

    // Checks if the files of edge.tls.certificates have changed, and uses the new ones for new connections; see tls.h.
    // May block on the disk. Does nothing without TLS.
    void look_at_certificates();

    // Sets the TLS session ticket keys that the fleet shares, in place of a random one. Requires: not empty.
    void set_ticket_keys(std::vector<TicketKey> keys);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::edge
