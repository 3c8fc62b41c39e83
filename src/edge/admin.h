// The admin listener, for the operator's own network and never for the public.
//
//   GET /metrics   the text of write_metrics, for Prometheus
//   GET /livez     200 while the admin loop runs
//   GET /readyz    the result of is_ready: whether this node should get traffic
//
// There is no authentication: everyone who can connect to the address may read all of it. The admin listener has its
// own loop and thread, so it answers while the public loops are busy.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/exposition.h"
#include "base/inherited_sockets.h"

namespace bodega::edge {

// Call start and stop from one thread.
class Admin {
public:
    struct Options {
        std::string listen;  // for example "http://127.0.0.1:9180"
        // Called on the admin loop's thread; may block it for a short time.
        std::function<void(base::Exposition&)> write_metrics;
        // Called on another thread, where it may wait for a disk. Must not throw. If empty, the node is never ready.
        std::function<bool()> is_ready;
        // Listening sockets that another process handed over. One is used if its address matches `listen`. May be null.
        std::shared_ptr<base::InheritedSockets> inherited;
    };

    explicit Admin(Options options);
    ~Admin();  // calls stop()
    Admin(const Admin&) = delete;
    Admin& operator=(const Admin&) = delete;

    // Throws base::Error{config_invalid} for an address that is malformed or in use.
    void start();
    std::string url() const;  // has the real port if the configured port is 0; empty before start()

    // The listening sockets, for a new process that inherits them.
    std::vector<base::ListeningSocket> sockets() const;
    // Stops accepting. Call it when another process accepts on the same sockets.
    void leave_listeners();

    // Closes all connections at once. Idempotent.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::edge
