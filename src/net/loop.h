// An event loop: epoll, deadlines, and the coroutines that wait for either. One thread runs it.
//
// A turn has two halves. First every event, deadline and posted call of the turn is noted, which destroys
// nothing; then each coroutine that was woken runs until it waits again. So a coroutine may destroy any
// socket, its own or another's, without an event of the same turn finding it gone.
// All members belong to the loop's thread, but post(), signal() and stop().
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "net/timer_wheel.h"

namespace bodega::edge {

class Waiter;

// What epoll reports to. Must not destroy event targets or waiters while it is called.
class EventTarget {
public:
    virtual void on_events(std::uint32_t events) noexcept = 0;

protected:
    ~EventTarget() = default;
};

// What another thread tells a loop about; see Loop::signal.
class SignalTarget {
public:
    // On the loop's thread, in the first half of a turn. Must not destroy event targets or waiters.
    virtual void on_signal() noexcept = 0;

protected:
    ~SignalTarget() = default;
};

class Loop {
public:
    Loop();  // throws base::Error if the kernel has no epoll or eventfd left
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void run();                             // until stop()
    void stop() noexcept;                   // thread-safe
    void post(std::function<void()> call);  // thread-safe; runs on the loop's thread, in order

    // Has on_signal() called soon, once for all signals until then. Thread-safe; no system call while the loop is
    // awake.
    void signal(SignalTarget& target);
    void forget(SignalTarget& target) noexcept;  // before it is destroyed, when nobody signals it any more

    Moment now() const noexcept { return now_; }  // of this turn
    std::string_view http_date();                 // of this second

    // Edge-triggered unless `events` lacks EPOLLET. Closing the descriptor removes it. Throws base::Error.
    void watch(int fd, std::uint32_t events, EventTarget& target);
    void change(int fd, std::uint32_t events, EventTarget& target);
    void unwatch(int fd) noexcept;

    Wheel& wheel() noexcept { return wheel_; }

private:
    friend class Waiter;

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
    Wheel wheel_;
    Waiter* ready_first_ = nullptr;  // woken, in order
    Waiter* ready_last_ = nullptr;
    std::uint64_t turn_ = 0;
    Moment date_second_ = -1;
    std::string date_;

    std::mutex mutex_;  // protects all below
    std::vector<std::function<void()>> posted_;
    std::vector<SignalTarget*> signalled_;
    bool asleep_ = false;  // or about to: who has something to say writes to wake_

    std::vector<SignalTarget*> delivering_;  // the loop's thread's own
};

}  // namespace bodega::edge
