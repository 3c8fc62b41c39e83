#include "server/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <cstdlib>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace bodega::server {
namespace log = base::log;

namespace {

sigset_t taken_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&set, number);
    return set;
}

Signals::Event event_of(const signalfd_siginfo& info) {
    switch (info.ssi_signo) {
        // The kernel sends SIGHUP (SI_KERNEL) when the terminal is closed.
        case SIGHUP: return info.ssi_code == SI_KERNEL ? Signals::Event::stop : Signals::Event::reload;
        case SIGUSR1: return Signals::Event::reopen;
        case SIGUSR2: return Signals::Event::upgrade;
        default: return Signals::Event::stop;
    }
}

}  // namespace

Signals::Signals() {
    sigset_t set = taken_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = base::Fd(::signalfd(-1, &set, SFD_CLOEXEC));
    stop_event_ = base::Fd(::eventfd(0, EFD_CLOEXEC));
    if (!signals_ || !stop_event_) throw base::system_error("wait for signals", errno);
    thread_ = std::thread([this] { listen(); });
}

Signals::~Signals() {
    std::uint64_t one = 1;
    // Writing 1 to an eventfd whose count is 0 can't fail.
    [[maybe_unused]] ssize_t written = ::write(stop_event_.get(), &one, sizeof one);
    thread_.join();
}

void Signals::listen() {
    std::array<pollfd, 2> watched{{{signals_.get(), POLLIN, 0}, {stop_event_.get(), POLLIN, 0}}};
    for (;;) {
        if (::poll(watched.data(), watched.size(), -1) < 0) continue;
        if (watched[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(signals_.get(), &info, sizeof info) == sizeof info) note(event_of(info));
    }
}

void Signals::note(Event event) {
    const base::MutexLock lock(mutex_);
    if (event == Event::stop && std::exchange(signalled_, true)) {
        log::write_to_stderr(log::Level::warn, "serve", "a second signal: ending at once");
        ::_exit(EXIT_FAILURE);
    }
    pending_[static_cast<std::size_t>(event)] = true;
    some_.notify_all();
}

void Signals::ask_stop() {
    const base::MutexLock lock(mutex_);
    pending_[static_cast<std::size_t>(Event::stop)] = true;
    some_.notify_all();
}

Signals::Event Signals::wait() {
    const base::MutexLock lock(mutex_);
    auto pending = pending_.end();
    some_.wait(mutex_, [&]() REQUIRES(mutex_) {
        return (pending = std::find(pending_.begin(), pending_.end(), true)) != pending_.end();
    });
    auto event = static_cast<Event>(pending - pending_.begin());
    if (event != Event::stop) *pending = false;
    return event;
}

bool Signals::is_stopped_within(config::Duration limit) {
    const base::MutexLock lock(mutex_);
    return some_.wait_for(mutex_, limit, [this]() REQUIRES(mutex_) { return has(Event::stop); });
}

}  // namespace bodega::server
