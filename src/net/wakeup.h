// Suspends one coroutine until an event is reported, its deadline passes, or it is cancelled.
//
// A wake only means "check again": the socket, pool or job stores what happened. So a coroutine checks first, then
// waits, in a loop. A notify() while no coroutine waits has no effect.
#pragma once

#include <coroutine>
#include <cstdint>

#include "net/loop.h"
#include "net/timer_wheel.h"

namespace bodega::net {

enum class Wake : std::uint8_t { event, deadline, cancelled };

class Wakeup final : private TimerWheel::Entry {
public:
    explicit Wakeup(Loop& loop) noexcept : loop_(loop) {}
    ~Wakeup();

    class Wait {
    public:
        Wait(Wakeup& wakeup, Moment deadline, bool wakes_itself) noexcept
            : wakeup_(wakeup), deadline_(deadline), wakes_itself_(wakes_itself) {}
        bool await_ready() const noexcept { return wakeup_.cancelled_; }
        void await_suspend(std::coroutine_handle<> self) noexcept {
            wakeup_.suspend(self, deadline_);
            if (wakes_itself_) wakeup_.notify();
        }
        Wake await_resume() const noexcept { return wakeup_.cancelled_ ? Wake::cancelled : wakeup_.wake_; }

    private:
        Wakeup& wakeup_;
        Moment deadline_;
        bool wakes_itself_;
    };

    // One coroutine waits at a time. Returns Wake::cancelled at once after cancel().
    Wait wait(Moment deadline) noexcept { return {*this, deadline, false}; }
    // Resumes in the loop's next turn. Lets other coroutines run after a long computation.
    Wait next_turn() noexcept { return {*this, kNever, true}; }

    void notify() noexcept;  // resumes the coroutine in this turn, or in the next one if it is notified while running
    void cancel() noexcept;  // cancels the current wait and all later ones
    bool cancelled() const noexcept { return cancelled_; }
    Loop& loop() const noexcept { return loop_; }

private:
    friend class Loop;
    enum class State : std::uint8_t { running, waiting, ready };

    void suspend(std::coroutine_handle<> self, Moment deadline) noexcept;
    void make_ready(Wake wake) noexcept;
    void unlink() noexcept;
    void resume();
    void on_deadline() noexcept override { make_ready(Wake::deadline); }

    Loop& loop_;
    std::coroutine_handle<> coroutine_;
    Wakeup* previous_ = nullptr;  // previous wakeup in the loop's ready list
    Wakeup* next_ = nullptr;
    std::uint64_t turn_ = 0;  // turn of the loop in which the coroutine was made ready
    State state_ = State::running;
    Wake wake_ = Wake::event;
    bool cancelled_ = false;
};

}  // namespace bodega::net
