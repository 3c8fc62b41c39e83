// The admin listener: for the operator's own machines, never for the public.
//
//   GET /metrics   what write_metrics writes, for Prometheus
//   GET /livez     200 while its loop runs
//   GET /readyz    is_ready's word on whether this node should get traffic
//
// Nobody is asked who they are: whoever reaches the address may read it. It has a loop and a thread of its own, so
// it answers while the public loops are busy.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/exposition.h"
#include "base/inherited_sockets.h"

namespace bodega::edge {

// start and stop are called from one thread.
class Admin {
public:
    struct Options {
        std::string listen;  // "http://127.0.0.1:9180"
        // On the loop's thread, which it may hold up for a moment.
        std::function<void(base::Exposition&)> write_metrics;
        // On another thread, where it may wait for a disk; empty: not ready. Must not throw.
        std::function<bool()> is_ready;
        // Listening sockets to take over where their address fits; may be null.
        std::shared_ptr<base::InheritedSockets> inherited;
    };

    explicit Admin(Options options);
    ~Admin();  // as stop()
    Admin(const Admin&) = delete;
    Admin& operator=(const Admin&) = delete;

    // Throws base::Error{config_invalid} for an address that is malformed or in use.
    void start();
    std::string url() const;  // with the real port where 0 was asked; empty before start()

    // The sockets that it listens on, for a process that takes them over.
    std::vector<base::ListeningSocket> sockets() const;
    // Accepts no more: another process does, on the same sockets.
    void leave_doors();

    // Cuts who is connected. Idempotent.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bodega::edge
