#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "net/wakeup.h"

namespace bodega::net {
namespace {

Moment steady_now() noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(base::Steady::now().time_since_epoch()).count();
}

}  // namespace

Loop::Loop() : now_(steady_now()), timers_(now_) {
    epoll_ = base::Fd(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_) throw base::system_error("make an epoll instance", errno);
    wake_ = base::Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake_) throw base::system_error("make an eventfd", errno);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;  // null marks the loop's own eventfd
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0)
        throw base::system_error("watch an eventfd", errno);
}

Loop::~Loop() = default;

void Loop::wake() noexcept {
    std::uint64_t one = 1;
    if (::write(wake_.get(), &one, sizeof one) < 0) return;  // EAGAIN: the counter is full, so the loop wakes anyway
}

void Loop::stop() noexcept {
    stopping_.store(true, std::memory_order_release);
    wake();
}

void Loop::post(std::function<void()> call) {
    bool was_asleep = false;
    {
        const base::MutexLock lock(mutex_);
        posted_.push_back(std::move(call));
        was_asleep = std::exchange(asleep_, false);
    }
    if (was_asleep) wake();
}

void Loop::signal(SignalTarget& target) {
    bool was_asleep = false;
    {
        const base::MutexLock lock(mutex_);
        signalled_.push_back(&target);
        was_asleep = std::exchange(asleep_, false);
    }
    if (was_asleep) wake();
}

void Loop::forget(SignalTarget& target) noexcept {
    const base::MutexLock lock(mutex_);
    std::erase(signalled_, &target);
}

void Loop::watch(int fd, std::uint32_t events, EventTarget& target) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &target;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw base::system_error("watch a socket", errno);
}

void Loop::change(int fd, std::uint32_t events, EventTarget& target) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &target;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0) throw base::system_error("watch a socket", errno);
}

void Loop::unwatch(int fd) noexcept { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

std::string_view Loop::http_date() {
    if (now_ / 1000 != date_second_) {
        date_second_ = now_ / 1000;
        date_ = base::http_date(base::now_ms());
    }
    return date_;
}

void Loop::drain_wake() noexcept {
    std::uint64_t count = 0;
    if (::read(wake_.get(), &count, sizeof count) < 0) return;  // EAGAIN: nothing to drain
}

void Loop::poll() {
    std::array<epoll_event, 256> events;
    Moment next = ready_first_ ? now_ : timers_.next();
    int timeout = next == kNever ? -1 : static_cast<int>(std::max<Moment>(0, next - now_));
    if (!may_sleep()) timeout = 0;
    int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout);
    now_ = steady_now();
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.ptr) static_cast<EventTarget*>(event.data.ptr)->on_events(event.events);
        else drain_wake();
    }
    run_signals();
    timers_.advance(now_);
}

// Returns true if nothing is pending. From then on, a post() or signal() wakes the loop by a write to wake_.
bool Loop::may_sleep() {
    const base::MutexLock lock(mutex_);
    return asleep_ = posted_.empty() && signalled_.empty();
}

void Loop::run_signals() noexcept {
    {
        const base::MutexLock lock(mutex_);
        asleep_ = false;
        delivering_.swap(signalled_);
    }
    for (SignalTarget* target : delivering_) target->on_signal();
    delivering_.clear();
}

void Loop::run_posted() {
    std::vector<std::function<void()>> calls;
    {
        const base::MutexLock lock(mutex_);
        calls.swap(posted_);
    }
    for (std::function<void()>& call : calls) call();
}

void Loop::run_ready() {
    // Runs only the coroutines that are ready now. One that is woken again and again runs once in each turn, so it
    // can't starve the sockets.
    ++turn_;
    while (ready_first_ && ready_first_->turn_ != turn_) ready_first_->resume();
}

void Loop::run() {
    while (!stopping_.load(std::memory_order_acquire)) {
        poll();
        run_posted();
        run_ready();
    }
}

}  // namespace bodega::net
