// How long a client may take over a body: for a while without any of it, and on average not slower than a rate.
//
// Only time spent waiting for the client counts, so our own slowness is never held against it. A client that drips a
// byte just before each deadline is let go once it has waited that while, plus the time that its bytes take at the
// rate.
#pragma once

#include <algorithm>
#include <cstdint>

#include "net/timer_wheel.h"

namespace bodega::edge {

class Patience {
public:
    struct Terms {
        Moment quiet;       // ms
        std::int64_t rate;  // bytes a second; > 0
    };

    // Nothing can be done without the client: until when that may last.
    void wait(Moment now, const Terms& terms) noexcept {
        if (waits()) return;
        Moment allowed = terms.quiet + static_cast<Moment>(bytes_ * 1000 / static_cast<std::uint64_t>(terms.rate));
        began_ = now;
        waited_before_ = true;
        deadline_ = now + std::min(terms.quiet, std::max<Moment>(allowed - waited_, 0));
    }
    // It did something about it.
    void progressed(Moment now, std::uint64_t bytes) noexcept {
        if (waits()) waited_ += now - began_;
        // What went through before anybody waited was the buffers' doing.
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

}  // namespace bodega::edge
