#include "net/wakeup.h"

namespace bodega::net {

Wakeup::~Wakeup() {
    if (state_ == State::ready) unlink();
}

void Wakeup::suspend(std::coroutine_handle<> self, Moment deadline) noexcept {
    coroutine_ = self;
    state_ = State::waiting;
    loop_.timers().arm(*this, deadline);
}

void Wakeup::notify() noexcept { make_ready(Wake::event); }

void Wakeup::cancel() noexcept {
    cancelled_ = true;
    make_ready(Wake::cancelled);
}

void Wakeup::make_ready(Wake wake) noexcept {
    if (state_ != State::waiting) return;
    state_ = State::ready;
    wake_ = wake;
    turn_ = loop_.turn_;
    loop_.timers().arm(*this, kNever);
    previous_ = loop_.ready_last_;
    next_ = nullptr;
    (previous_ ? previous_->next_ : loop_.ready_first_) = this;
    loop_.ready_last_ = this;
}

void Wakeup::unlink() noexcept {
    (previous_ ? previous_->next_ : loop_.ready_first_) = next_;
    (next_ ? next_->previous_ : loop_.ready_last_) = previous_;
}

void Wakeup::resume() {
    unlink();
    state_ = State::running;
    coroutine_.resume();  // the coroutine may destroy this Wakeup
}

}  // namespace bodega::net
