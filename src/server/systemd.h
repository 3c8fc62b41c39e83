// What a service manager is told: systemd's notification protocol (sd_notify(3)), by hand. Without one, nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace bodega::cli {

// Thread-safe.
class Systemd {
public:
    // From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Before any other thread runs.
    Systemd();

    void ready() const noexcept { tell("READY=1"); }
    void reloading() const noexcept;                       // until the next ready()
    void stopping(config::Duration limit) const noexcept;  // which it may take from now on, whatever the unit says
    void alive() const noexcept { tell("WATCHDOG=1"); }
    void replaced_by(int process) const noexcept;  // which is ready: it is the service's main process from now on

    // How often at least it wants to hear alive(); nullopt: never.
    std::optional<config::Duration> watchdog() const noexcept { return watchdog_; }

private:
    void tell(std::string_view message) const noexcept;

    std::string socket_;  // a path, or '@' and an abstract name; empty: nobody listens
    std::optional<config::Duration> watchdog_;
};

}  // namespace bodega::cli
