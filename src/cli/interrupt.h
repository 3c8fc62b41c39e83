// Ctrl-C and SIGTERM for a command that has something to give back: a lease, a file that is not whole.
#pragma once

#include <signal.h>

#include <array>
#include <cstddef>

namespace bodega::cli {

// While there is one, the first SIGINT, SIGTERM or SIGHUP is only noted; a second of the same kind ends the process at
// once. A signal that is ignored stays so (nohup). Of the main thread.
class Interrupt {
public:
    Interrupt() noexcept;
    ~Interrupt();  // the signals do what they did before, but a noted one stays noted
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    // Throws Error{unavailable} once one came. Thread-safe.
    void check() const;

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

    std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace bodega::cli
