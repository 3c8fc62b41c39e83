// Deadlines of one loop on a timer wheel.
//
// Moving a deadline later, the common case (each request does), is a store: the entry stays in its slot
// and is looked at again when the slot comes up. Resolution is kTick: never early, at most that late.
// Single-threaded. Entries unlink themselves when they are destroyed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace bodega::edge {

// Milliseconds on the steady clock.
using Moment = std::int64_t;
inline constexpr Moment kNever = std::numeric_limits<Moment>::max();

class Wheel {
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
        friend class Wheel;
        // The deadline passed; the entry is no longer armed. Must not destroy entries.
        virtual void on_deadline() noexcept = 0;

        Wheel* wheel_ = nullptr;  // null: in no slot
        Entry* previous_ = nullptr;
        Entry* next_ = nullptr;
        Moment deadline_ = kNever;
        std::int64_t tick_ = 0;  // of the slot that holds it
    };

    explicit Wheel(Moment now) noexcept : current_(now / kTick) {}

    // on_deadline will be called once, by the first advance at or after `deadline`; kNever disarms.
    void arm(Entry& entry, Moment deadline) noexcept;

    // Calls on_deadline of every entry whose deadline is not after `now`.
    void advance(Moment now) noexcept;

    // The moment of the next advance that may have work; kNever if no entry is linked.
    Moment next() const noexcept;

private:
    static constexpr std::size_t kWords = kSlots / 64;

    void link(Entry& entry) noexcept;
    void unlink(Entry& entry) noexcept;
    void run_slot(std::int64_t tick, Moment now) noexcept;

    std::int64_t current_;  // the last tick that was run
    std::array<Entry*, kSlots> slots_{};
    std::array<std::uint64_t, kWords> occupied_{};  // a bit a slot
};

}  // namespace bodega::edge
