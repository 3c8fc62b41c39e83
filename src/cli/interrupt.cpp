#include "cli/interrupt.h"

#include <atomic>

#include "base/error.h"

namespace bodega::cli {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler may use only lock-free atomics

void on_signal(int /*number*/) { interrupted = true; }

}  // namespace

Interrupt::Interrupt() noexcept {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        if (::sigaction(kSignals[i], nullptr, &before_[i]) != 0 || before_[i].sa_handler == SIG_IGN) continue;
        struct sigaction action {};
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
        ::sigaction(kSignals[i], &action, nullptr);
    }
}

Interrupt::~Interrupt() {
    for (std::size_t i = 0; i < kSignals.size(); ++i)
        if (before_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &before_[i], nullptr);
}

void Interrupt::check() const {
    if (interrupted)
        throw base::Error(base::Code::unavailable, "stopped by a signal; run the command again to continue");
}

}  // namespace bodega::cli
