#include "net/wakeup.h"

namespace bodega::edge {

Waiter::~Waiter() {
    if (state_ == State::ready) unlink();
}

void Waiter::suspend(std::coroutine_handle<> self, Moment deadline) noexcept {
    coroutine_ = self;
    state_ = State::waiting;
    loop_.wheel().arm(*this, deadline);
}

void Waiter::notify() noexcept { make_ready(Wake::event); }

void Waiter::cancel() noexcept {
    cancelled_ = true;
    make_ready(Wake::cancelled);
}

void Waiter::make_ready(Wake wake) noexcept {
    if (state_ != State::waiting) return;
    state_ = State::ready;
    wake_ = wake;
    turn_ = loop_.turn_;
    loop_.wheel().arm(*this, kNever);
    previous_ = loop_.ready_last_;
    next_ = nullptr;
    (previous_ ? previous_->next_ : loop_.ready_first_) = this;
    loop_.ready_last_ = this;
}

void Waiter::unlink() noexcept {
    (previous_ ? previous_->next_ : loop_.ready_first_) = next_;
    (next_ ? next_->previous_ : loop_.ready_last_) = previous_;
}

void Waiter::resume() {
    unlink();
    state_ = State::running;
    coroutine_.resume();  // may destroy this waiter
}

}  // namespace bodega::edge
