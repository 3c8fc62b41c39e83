#include "cli/stop_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"

namespace bodega::cli {
namespace log = base::log;

StopSignal::StopSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = base::Fd(::signalfd(-1, &set, SFD_CLOEXEC));
    over_ = base::Fd(::eventfd(0, EFD_CLOEXEC));
    if (!signals_ || !over_) throw base::system_error("wait for signals", errno);
    thread_ = std::thread([this] { listen(); });
}

StopSignal::~StopSignal() {
    std::uint64_t one = 1;
    // An eventfd whose count is 0 takes one more without fail.
    [[maybe_unused]] ssize_t written = ::write(over_.get(), &one, sizeof one);
    thread_.join();
}

void StopSignal::listen() {
    std::array<pollfd, 2> watched{{{signals_.get(), POLLIN, 0}, {over_.get(), POLLIN, 0}}};
    for (;;) {
        if (::poll(watched.data(), watched.size(), -1) < 0) continue;
        if (watched[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(signals_.get(), &info, sizeof info) != sizeof info) continue;
        std::unique_lock lock(mutex_);
        if (requested_) {
            log::warn("serve", "a second signal: ending at once");
            ::_exit(kFailed);
        }
        requested_ = true;
        asked_.notify_all();
    }
}

void StopSignal::wait() {
    std::unique_lock lock(mutex_);
    asked_.wait(lock, [this] { return requested_; });
}

bool StopSignal::wait_for(config::Duration limit) {
    std::unique_lock lock(mutex_);
    return asked_.wait_for(lock, limit, [this] { return requested_; });
}

}  // namespace bodega::cli
