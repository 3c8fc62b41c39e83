// The app's HTTP server: cpp-httplib behind a unix socket, or behind channels for an edge in the same process; a
// thread per request at work.
//
// Connections that are between requests hold no thread for long: they are parked on one epoll, and a
// bounded set of threads works on those that have something to say.
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
        std::string listen;  // a unix socket's path ("/…"), or "host:port" (port 0: any free one); empty: none
        std::shared_ptr<base::ChannelListener> channels;    // whoever connects is trusted; may be null
        std::shared_ptr<base::InheritedSockets> inherited;  // to take over where the address fits; may be null
        int threads = 64;                                   // requests at work at once
        int uploads = 256;                                  // bodies of files being received, beside them
        int queue = 1024;                                   // connections that wait for a thread; more are closed
        int parked = 8192;  // connections between two requests, or with one that is not whole; more are closed
        std::int64_t max_memory = 128 << 20;       // bytes of requests held until they are whole; over it 503
        std::vector<std::string> trusted_proxies;  // CIDR; a unix socket's peer is trusted always
        std::string proxy_secret;                  // that they have to say; empty: none of them is believed
        // Asked by /readyz beside set_ready, on a request's thread; an Error's text is the answer; may be empty.
        std::function<bool()> is_ready;
        config::Duration idle_timeout = std::chrono::minutes(5);   // between requests; longer than the edge's
        config::Duration body_timeout = std::chrono::seconds(60);  // between two reads or writes
    };

    // `services` outlives the server. Throws Error{config_invalid} for a bad address or CIDR.
    Server(const app::Services& services, Options options);
    ~Server();  // stops

    // Binds and begins to serve on threads of its own; returns when connections are accepted.
    // Throws Error{config_invalid} if the address is in use or not ours.
    void start();

    // Whether /readyz answers 200. From start() on it does; false before a drain.
    void set_ready(bool ready) noexcept;

    // The socket that it listens on, if any, for a process that takes it over.
    std::vector<base::ListeningSocket> sockets() const;
    // Whether stop() leaves the file of a unix socket alone: another process listens on it too.
    void leave_socket(bool left = true) noexcept;

    // Stops accepting, lets requests at work end for at most `limit`, then cuts them off. Harmless twice.
    void stop(config::Duration limit = std::chrono::seconds(30));

    // What /readyz says; may wait for the shared folder. False before start().
    bool is_ready() const;

    struct Stats {
        bool ready = false;       // as set_ready() left it
        std::size_t working = 0;  // threads
        std::size_t waiting = 0;  // threads that wait for the database or the disk
        std::size_t idle = 0;     // threads
        std::size_t threads_limit = 0;
        std::size_t uploads = 0;  // bodies of files being received
        std::size_t queued = 0;   // connections that wait for a thread
        // Downloads of a file that is missing or has another size than the catalog's. Those that an edge of this
        // process found are its own to count.
        std::uint64_t damaged_files = 0;
        // Sign-ins since the start, by their end, and how often failures locked or slowed somebody.
        std::uint64_t sign_ins_right = 0, sign_ins_wrong = 0, sign_ins_refused = 0, lockouts = 0, slowed = 0;
    };
    Stats stats() const;  // thread-safe once start() has returned

    int port() const noexcept;  // the bound one; 0 for a unix socket and for none

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::web
