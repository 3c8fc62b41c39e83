// The app's HTTP server: cpp-httplib behind a unix socket, or behind in-memory pipes for an edge in the same process.
// One thread works on each active request.
//
// Soon after a request, the connection is parked and holds no thread. One epoll watches all parked connections. A
// limited number of threads works on connections that have input.
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

class UploadConversations;

class Server {
public:
    struct Options {
        // Settings of the server. Port 0 in `listen` means any free port. All other settings are in the services'
        // configuration.
        config::App app;
        std::shared_ptr<base::PipeListener> channels;  // in-memory pipes, whose clients are all trusted; may be null
        // Conversations with the edge about uploads that the edge writes; the edge is the client of `channels`. They
        // outlive the server. May be null.
        const UploadConversations* conversations = nullptr;
        // Sockets of a former process, which are used if their address matches; may be null.
        std::shared_ptr<base::InheritedSockets> inherited;
        // The secret that trusted proxies have to send over TCP. If it is empty, no proxy that uses TCP is trusted.
        std::string proxy_secret;
        // Called by /readyz on the thread of its request, in addition to set_ready(). If it throws Error, /readyz
        // answers with the error's text. May be empty.
        std::function<bool()> is_ready;
    };

    // Requires: `services` outlives the server. Throws Error{config_invalid} for an invalid address or CIDR.
    Server(const app::Services& services, Options options);
    ~Server();  // calls stop()

    // Binds and starts the threads. When it returns, connections are accepted. Throws Error{config_invalid} if the
    // address is in use or does not belong to this host.
    void start();

    // Sets whether /readyz may answer 200. start() sets true; a drain sets false.
    void set_ready(bool ready) noexcept;

    // The listening socket, if there is one, for a new process that inherits it.
    std::vector<base::ListeningSocket> sockets() const;
    // Sets whether stop() keeps the file of a unix socket, because another process also listens on the socket.
    void leave_socket(bool left = true) noexcept;

    // Stops accepting. Waits at most `limit` for active requests to end, then closes their connections. May be called
    // twice.
    void stop(config::Duration limit = std::chrono::seconds(30));

    // The answer of /readyz. May block on the shared folder. False before start().
    bool is_ready() const;

    struct Stats {
        bool ready = false;       // the value of set_ready()
        std::size_t working = 0;  // threads that work on a request
        std::size_t waiting = 0;  // threads that wait for the database or the disk
        std::size_t idle = 0;     // threads without a connection
        std::size_t threads_limit = 0;
        std::size_t uploads = 0;  // file bodies that are being received
        std::size_t queued = 0;   // connections that wait for a thread
        // Downloads whose file is missing or has another size than the catalog says. Does not include downloads that
        // the edge sends, which the edge checks itself.
        std::uint64_t damaged_files = 0;
        // Numbers of sign-ins since the start, by result, and how often failures locked a caller out or slowed a caller
        // down.
        std::uint64_t sign_ins_right = 0, sign_ins_wrong = 0, sign_ins_refused = 0, lockouts = 0, slowed = 0;
    };
    Stats stats() const;  // thread-safe once start() has returned

    int port() const noexcept;  // the bound port; 0 for a unix socket and for a server that does not listen

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::web
