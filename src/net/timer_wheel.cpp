#include "net/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace bodega::net {

TimerWheel::Entry::~Entry() {
    if (timers_) timers_->unlink(*this);
}

void TimerWheel::arm(Entry& entry, Moment deadline) noexcept {
    entry.deadline_ = deadline;
    if (deadline == kNever) return;  // the entry stays in its slot, and is unlinked when that slot is processed
    if (entry.timers_) {
        if (entry.tick_ * kTick <= deadline) return;
        unlink(entry);
    }
    link(entry);
}

void TimerWheel::link(Entry& entry) noexcept {
    // Rounds up, so that a slot never runs before the deadlines in it. A deadline beyond the wheel's range goes to the
    // wheel's last slot and is linked again from there.
    std::int64_t tick = entry.deadline_ / kTick + 1;
    tick = std::clamp(tick, current_ + 1, current_ + static_cast<std::int64_t>(kSlots) - 1);
    std::size_t slot = static_cast<std::size_t>(tick) % kSlots;
    entry.timers_ = this;
    entry.tick_ = tick;
    entry.previous_ = nullptr;
    entry.next_ = slots_[slot];
    if (entry.next_) entry.next_->previous_ = &entry;
    slots_[slot] = &entry;
    occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void TimerWheel::unlink(Entry& entry) noexcept {
    std::size_t slot = static_cast<std::size_t>(entry.tick_) % kSlots;
    if (entry.next_) entry.next_->previous_ = entry.previous_;
    if (entry.previous_) entry.previous_->next_ = entry.next_;
    else slots_[slot] = entry.next_;
    if (!slots_[slot]) occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    entry.timers_ = nullptr;
}

void TimerWheel::run_slot(std::int64_t tick, Moment now) noexcept {
    std::size_t slot = static_cast<std::size_t>(tick) % kSlots;
    while (Entry* entry = slots_[slot]) {
        unlink(*entry);
        if (entry->deadline_ == kNever) continue;
        if (entry->deadline_ > now) {
            link(*entry);  // never into this slot again: link() begins after current_, which is `tick`
            continue;
        }
        entry->deadline_ = kNever;
        entry->on_deadline();
    }
}

void TimerWheel::advance(Moment now) noexcept {
    std::int64_t last = now / kTick;
    if (last - current_ > static_cast<std::int64_t>(kSlots)) current_ = last - static_cast<std::int64_t>(kSlots);
    while (current_ < last) {
        ++current_;
        std::size_t slot = static_cast<std::size_t>(current_) % kSlots;
        if (occupied_[slot / 64] >> (slot % 64) & 1) run_slot(current_, now);
    }
}

Moment TimerWheel::next() const noexcept {
    std::size_t first = static_cast<std::size_t>(current_ + 1) % kSlots;
    for (std::size_t step = 0; step <= kWords; ++step) {
        std::size_t word = (first / 64 + step) % kWords;
        std::uint64_t bits = occupied_[word];
        if (step == 0) bits &= ~std::uint64_t{0} << (first % 64);
        if (step == kWords) bits &= ~(~std::uint64_t{0} << (first % 64));
        if (bits == 0) continue;
        std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        std::size_t ahead = (slot + kSlots - first) % kSlots;
        return (current_ + 1 + static_cast<std::int64_t>(ahead)) * kTick;
    }
    return kNever;
}

}  // namespace bodega::net
