// Limits how long a client may take to transfer a body: how long it may be silent, and its minimum average rate.
//
// Only time spent waiting for the client counts, so the server's own delays never end a transfer. A client that sends
// one byte just before each deadline is still cut off: its total waiting time may not exceed `quiet` plus the time that
// its bytes take at `rate`.
#pragma once

#include <algorithm>
#include <cstdint>

#include "net/timer_wheel.h"

namespace bodega::net {

class TransferTimeout {
public:
    struct Terms {
        Moment quiet;       // ms for which the client may be silent
        std::int64_t rate;  // minimum average rate in bytes a second; > 0
    };

    // Call when only the client can make progress. Starts the deadline.
    void wait(Moment now, const Terms& terms) noexcept {
        if (waits()) return;
        Moment allowed = terms.quiet + static_cast<Moment>(bytes_ * 1000 / static_cast<std::uint64_t>(terms.rate));
        began_ = now;
        waited_before_ = true;
        deadline_ = now + std::min(terms.quiet, std::max<Moment>(allowed - waited_, 0));
    }
    // Call when the client sent or received bytes. Ends the wait.
    void progressed(Moment now, std::uint64_t bytes) noexcept {
        if (waits()) waited_ += now - began_;
        // Bytes before the first wait were not waited for, so they do not extend the time.
        if (waited_before_) bytes_ += bytes;
        deadline_ = kNever;
    }

    bool waits() const noexcept { return deadline_ != kNever; }
    Moment deadline() const noexcept { return deadline_; }

private:
    Moment deadline_ = kNever;
    Moment began_ = 0;
    Moment waited_ = 0;
    std::uint64_t bytes_ = 0;
    bool waited_before_ = false;
};

}  // namespace bodega::net
