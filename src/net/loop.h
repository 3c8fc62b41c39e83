// An event loop: epoll, deadlines, and the coroutines that wait for events and deadlines. One thread runs it.
//
// A turn has two phases. First, every event, deadline and posted call of the turn is recorded; nothing is destroyed in
// this phase. Then each coroutine that was woken runs until it waits again. So a coroutine may destroy any socket, and
// no event of the same turn can reach a destroyed socket. All members belong to the loop's thread, except post(),
// signal() and stop().
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "net/timer_wheel.h"

namespace bodega::net {

class Wakeup;

// Receives epoll events. Must not destroy event targets or wakeups during the call.
class EventTarget {
public:
    virtual void on_events(std::uint32_t events) noexcept = 0;

protected:
    ~EventTarget() = default;
};

// Receives notifications from another thread; see Loop::signal.
class SignalTarget {
public:
    // Called on the loop's thread, in the first phase of a turn. Must not destroy event targets or wakeups.
    virtual void on_signal() noexcept = 0;

protected:
    ~SignalTarget() = default;
};

class Loop {
public:
    Loop();  // throws base::Error if the kernel refuses an epoll instance or eventfd
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void run();                             // returns after stop()
    void stop() noexcept;                   // thread-safe
    void post(std::function<void()> call);  // thread-safe; the loop's thread runs the calls in the order of post()

    // Schedules one call of on_signal(). Signals that arrive before this call share it. Thread-safe; makes no system
    // call while the loop is awake.
    void signal(SignalTarget& target);
    // Drops a pending signal. Call before the target is destroyed. Requires: no thread signals the target any more.
    void forget(SignalTarget& target) noexcept;

    Moment now() const noexcept { return now_; }  // time when this turn began
    std::string_view http_date();                 // the Date field's value for this second

    // Watches `fd` for `events`; edge-triggered if they contain EPOLLET. Closing the descriptor ends the watch. Throws
    // base::Error.
    void watch(int fd, std::uint32_t events, EventTarget& target);
    void change(int fd, std::uint32_t events, EventTarget& target);
    void unwatch(int fd) noexcept;

    TimerWheel& timers() noexcept { return timers_; }

private:
    friend class Wakeup;

    void poll();
    void run_posted();
    void run_signals() noexcept;
    bool may_sleep();
    void wake() noexcept;
    void run_ready();
    void drain_wake() noexcept;

    base::Fd epoll_;
    base::Fd wake_;  // eventfd
    std::atomic<bool> stopping_{false};
    Moment now_;
    TimerWheel timers_;
    Wakeup* ready_first_ = nullptr;  // first woken coroutine; the list has the order of waking
    Wakeup* ready_last_ = nullptr;
    std::uint64_t turn_ = 0;
    Moment date_second_ = -1;
    std::string date_;

    base::Mutex mutex_;
    std::vector<std::function<void()>> posted_ GUARDED_BY(mutex_);
    std::vector<SignalTarget*> signalled_ GUARDED_BY(mutex_);
    // The loop sleeps or is about to sleep: a thread that posts or signals must then write to wake_.
    bool asleep_ GUARDED_BY(mutex_) = false;

    std::vector<SignalTarget*> delivering_;  // used only by the loop's thread
};

}  // namespace bodega::net
