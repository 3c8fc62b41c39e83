#include "server/shutdown_watchdog.h"

#include <unistd.h>

#include <cstdlib>
#include <system_error>
#include <thread>

#include "base/log.h"

namespace bodega::server {

void end_within(config::Duration limit) {
    try {
        std::thread([limit] {
            std::this_thread::sleep_for(limit);
            base::log::error(
                "serve",
                "the stop took too long: a thread still waits, probably for the shared directory; ending the "
                "process anyway");
            std::_Exit(EXIT_FAILURE);
        }).detach();
    } catch (const std::system_error& error) {
        base::log::warn("serve", "could not start the shutdown watchdog", {{"reason", error.what()}});
    }
}

}  // namespace bodega::server
