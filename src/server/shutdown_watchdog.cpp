#include "server/shutdown_watchdog.h"

#include <unistd.h>

#include <cstdlib>
#include <system_error>
#include <thread>

#include "base/log.h"
#include "cli/command.h"

namespace bodega::cli {

void end_within(config::Duration limit) {
    try {
        std::thread([limit] {
            std::this_thread::sleep_for(limit);
            base::log::error("serve",
                             "the stop took too long: a thread still waits, for the shared directory most likely; the "
                             "process ends without it");
            std::_Exit(kFailed);
        }).detach();
    } catch (const std::system_error& error) {
        base::log::warn("serve", "no thread could be made to watch over the end", {{"reason", error.what()}});
    }
}

}  // namespace bodega::cli
