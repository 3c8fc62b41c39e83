// Keeps the deadlines of one loop on a timer wheel.
//
// The common case, moving a deadline later (each request does it), costs one memory write: the entry stays in its slot,
// and is moved when that slot is processed. Resolution is kTick ms: an entry never fires early, and at most kTick late.
// Single-threaded. Entries unlink themselves when they are destroyed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace bodega::net {

// Milliseconds on the steady clock.
using Moment = std::int64_t;
inline constexpr Moment kNever = std::numeric_limits<Moment>::max();

class TimerWheel {
public:
    static constexpr Moment kTick = 16;
    static constexpr std::size_t kSlots = 1024;

    class Entry {
    public:
        Entry() noexcept = default;
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    protected:
        ~Entry();

    private:
        friend class TimerWheel;
        // Called when the deadline has passed; the entry is then disarmed. Must not destroy entries.
        virtual void on_deadline() noexcept = 0;

        TimerWheel* timers_ = nullptr;  // null: this entry is in no slot
        Entry* previous_ = nullptr;
        Entry* next_ = nullptr;
        Moment deadline_ = kNever;
        std::int64_t tick_ = 0;  // tick of the slot that holds this entry
    };

    explicit TimerWheel(Moment now) noexcept : current_(now / kTick) {}

    // Sets the deadline. The first advance() at or after `deadline` calls on_deadline() once. kNever disarms the entry.
    void arm(Entry& entry, Moment deadline) noexcept;

    // Calls on_deadline of every entry whose deadline is at or before `now`.
    void advance(Moment now) noexcept;

    // Returns the time of the next advance() that may have work; kNever if no entry is linked.
    Moment next() const noexcept;

private:
    static constexpr std::size_t kWords = kSlots / 64;

    void link(Entry& entry) noexcept;
    void unlink(Entry& entry) noexcept;
    void run_slot(std::int64_t tick, Moment now) noexcept;

    std::int64_t current_;  // the last tick that advance() has processed
    std::array<Entry*, kSlots> slots_{};
    std::array<std::uint64_t, kWords> occupied_{};  // one bit per slot: set if the slot has entries
};

}  // namespace bodega::net
