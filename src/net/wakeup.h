// Where one coroutine sleeps: until something it cares about happened, its deadline passed, or it was cancelled.
//
// A wake says "look again", nothing more: what happened is kept by the socket, pool or job it happened to, so
// whoever waits first looks, then waits, in a loop. A notify while nobody waits is therefore nothing to keep.
#pragma once

#include <coroutine>
#include <cstdint>

#include "net/loop.h"
#include "net/timer_wheel.h"

namespace bodega::edge {

enum class Wake : std::uint8_t { event, deadline, cancelled };

class Waiter final : private Wheel::Entry {
public:
    explicit Waiter(Loop& loop) noexcept : loop_(loop) {}
    ~Waiter();

    class Wait {
    public:
        Wait(Waiter& waiter, Moment deadline, bool wakes_itself) noexcept
            : waiter_(waiter), deadline_(deadline), wakes_itself_(wakes_itself) {}
        bool await_ready() const noexcept { return waiter_.cancelled_; }
        void await_suspend(std::coroutine_handle<> self) noexcept {
            waiter_.suspend(self, deadline_);
            if (wakes_itself_) waiter_.notify();
        }
        Wake await_resume() const noexcept { return waiter_.cancelled_ ? Wake::cancelled : waiter_.wake_; }

    private:
        Waiter& waiter_;
        Moment deadline_;
        bool wakes_itself_;
    };

    // One coroutine at a time. Returns Wake::cancelled at once if cancel() came before.
    Wait wait(Moment deadline) noexcept { return {*this, deadline, false}; }
    // Goes on in the loop's next turn: lets the others run after much work.
    Wait next_turn() noexcept { return {*this, kNever, true}; }

    void notify() noexcept;  // resumes the coroutine in this turn, or the next one if it is notified while running
    void cancel() noexcept;  // this wait and every later one is cancelled
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
    Waiter* previous_ = nullptr;  // in the loop's ready list
    Waiter* next_ = nullptr;
    std::uint64_t turn_ = 0;  // of the loop, when it was made ready
    State state_ = State::running;
    Wake wake_ = Wake::event;
    bool cancelled_ = false;
};

}  // namespace bodega::edge
