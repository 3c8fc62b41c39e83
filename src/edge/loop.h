// An event loop: epoll, deadlines, and the coroutines that wait for either. One thread runs it.
//
// A turn has two halves. First every event, deadline and posted call of the turn is noted, which destroys
// nothing; then each coroutine that was woken runs until it waits again. So a coroutine may destroy any
// socket, its own or another's, without an event of the same turn finding it gone.
// All members belong to the loop's thread, but post() and stop().
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
#include "edge/wheel.h"

namespace bodega::edge {

class Waiter;

// What epoll reports to. Must not destroy event targets or waiters while it is called.
class EventTarget {
public:
    virtual void on_events(std::uint32_t events) noexcept = 0;

protected:
    ~EventTarget() = default;
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

    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;  // protected by mutex_
    std::atomic<bool> has_posted_{false};
};

}  // namespace bodega::edge
