// The admin listener: for the operator's own network, never for the public.
//
//   GET /metrics   what write_metrics writes, for Prometheus
//   GET /livez     200 while its loop runs
//   GET /readyz    the result of is_ready: whether this node should get traffic
//
// There is no authentication: everyone who reaches the address may read it. It has its own loop and thread, so it
// answers while the public loops are busy.
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
        std::string listen;  // "http://127.0.0.1:9180"
        // Called on the admin loop's thread; may block it for a short time.
        std::function<void(base::Exposition&)> write_metrics;
        // Called on another thread, where it may wait for a disk; empty: never ready. Must not throw.
        std::function<bool()> is_ready;
        // Listening sockets to take over where their address matches; may be null.
        std::shared_ptr<base::InheritedSockets> inherited;
    };

    explicit Admin(Options options);
    ~Admin();  // calls stop()
    Admin(const Admin&) = delete;
    Admin& operator=(const Admin&) = delete;

    // Throws base::Error{config_invalid} for an address that is malformed or in use.
    void start();
    std::string url() const;  // with the real port if 0 was configured; empty before start()

    // The sockets that it listens on, for the process that takes them over.
    std::vector<base::ListeningSocket> sockets() const;
    // Stops accepting: another process accepts on the same sockets.
    void leave_listeners();

    // Closes all connections at once. Idempotent.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::edge
