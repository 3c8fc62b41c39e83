// Handles Ctrl-C and SIGTERM for a command that has to clean up: a lease to release, an unfinished file to remove.
#pragma once

#include <signal.h>

#include <array>
#include <cstddef>

namespace bodega::cli {

// While an object exists, the first SIGINT, SIGTERM or SIGHUP is only recorded; a second one of the same kind ends the
// process at once. An ignored signal stays ignored (nohup). Create it on the main thread.
class Interrupt {
public:
    Interrupt() noexcept;
    ~Interrupt();  // restores the previous handlers; a recorded signal stays recorded
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    // Throws Error{unavailable} if a signal was recorded. Thread-safe.
    void check() const;

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

    std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace bodega::cli
