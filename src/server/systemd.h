// Notifies a service manager by systemd's protocol (sd_notify(3)), without its library. Does nothing without a service
// manager.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace bodega::server {

// Thread-safe.
class Systemd {
public:
    // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Create it before any other thread runs.
    Systemd();

    void ready() const noexcept { tell("READY=1"); }
    void reloading() const noexcept;                       // reports a reload, until the next ready()
    void stopping(config::Duration limit) const noexcept;  // extends the unit's stop timeout to `limit` from now
    void alive() const noexcept { tell("WATCHDOG=1"); }
    // Reports that `process` is ready and becomes the service's main process.
    void replaced_by(int process) const noexcept;

    // The maximum time between two calls of alive(); nullopt: no watchdog.
    std::optional<config::Duration> watchdog() const noexcept { return watchdog_; }

private:
    void tell(std::string_view message) const noexcept;

    std::string socket_;  // a path, or '@' and an abstract name; empty: no service manager
    std::optional<config::Duration> watchdog_;
};

}  // namespace bodega::server
