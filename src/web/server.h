// The app's HTTP server: cpp-httplib behind a unix socket, or behind in-memory pipes for an edge in the same process.
// One thread works on each active request.
//
// A connection between two requests holds no thread for long: it is parked on one epoll, and a bounded set of threads
// works on connections that have input.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/services.h"
#include "base/duplex_pipe.h"
#include "base/inherited_sockets.h"
#include "config/config.h"

namespace bodega::web {

class Server {
public:
    struct Options {
        // A unix socket's path ("/…"), or "host:port" (port 0: any free one). Empty: none.
        std::string listen;
        std::shared_ptr<base::PipeListener> channels;  // in-memory pipes; every client is trusted; may be null
        std::shared_ptr<base::InheritedSockets>
            inherited;      // sockets to take over where the address matches; may be null
        int threads = 64;   // limit of requests at work at once
        int uploads = 256;  // limit of file bodies being received, in addition to `threads`
        int queue = 1024;   // limit of connections that wait for a thread; further ones are closed
        int parked =
            8192;  // limit of connections that are idle or whose request is incomplete; further ones are closed
        std::int64_t max_memory = 128 << 20;       // bytes held for incomplete requests; above it: 503
        std::vector<std::string> trusted_proxies;  // CIDR; the peer of a unix socket is always trusted
        std::string proxy_secret;                  // what these proxies must send; empty: none of them is trusted
        // Called by /readyz in addition to set_ready(), on a request's thread. If it throws Error, /readyz answers with
        // its text. May be empty.
        std::function<bool()> is_ready;
        config::Duration idle_timeout = std::chrono::minutes(5);   // between two requests; longer than the edge's
        config::Duration body_timeout = std::chrono::seconds(60);  // between two reads or writes
    };

    // `services` must outlive the server. Throws Error{config_invalid} for a bad address or CIDR.
    Server(const app::Services& services, Options options);
    ~Server();  // calls stop()

    // Binds, and serves on its own threads. Returns once connections are accepted. Throws Error{config_invalid} if the
    // address is in use or does not belong to this host.
    void start();

    // Whether /readyz answers 200: true after start(), false before a drain.
    void set_ready(bool ready) noexcept;

    // The socket that it listens on, if any, for a process that takes it over.
    std::vector<base::ListeningSocket> sockets() const;
    // Whether stop() keeps the file of a unix socket, because another process listens on it too.
    void leave_socket(bool left = true) noexcept;

    // Stops accepting, waits at most `limit` for active requests to end, then cuts their connections. May be called
    // twice.
    void stop(config::Duration limit = std::chrono::seconds(30));

    // What /readyz reports; may block on the shared folder. False before start().
    bool is_ready() const;

    struct Stats {
        bool ready = false;       // as set_ready() set it
        std::size_t working = 0;  // threads that work on a request
        std::size_t waiting = 0;  // threads that wait for the database or the disk
        std::size_t idle = 0;     // threads without a connection
        std::size_t threads_limit = 0;
        std::size_t uploads = 0;  // file bodies being received
        std::size_t queued = 0;   // connections that wait for a thread
        // Downloads whose file is missing or differs in size from the catalog. The edge of this process counts those
        // that it finds.
        std::uint64_t damaged_files = 0;
        // Sign-ins since the start, by result, and how often failures locked out or slowed down a caller.
        std::uint64_t sign_ins_right = 0, sign_ins_wrong = 0, sign_ins_refused = 0, lockouts = 0, slowed = 0;
    };
    Stats stats() const;  // thread-safe once start() has returned

    int port() const noexcept;  // the bound port; 0 for a unix socket, and without a listener

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::web
