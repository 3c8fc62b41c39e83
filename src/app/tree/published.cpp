#include "app/tree/published.h"

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"

namespace bodega::app {
namespace {

// An id has the time of its creation, which is the file's: a slow client's body may have taken hours.
base::Milliseconds age_of(const base::Ulid& id) { return std::max<base::Milliseconds>(0, base::now_ms() - id.time()); }

}  // namespace

Published::Published(const blobs::Store& blobs, const base::Ulid& id, std::int64_t size, const HeldLease::Clock& clock)
    : blobs_(blobs), id_(id), size_(size), clock_(clock), since_(clock() - age_of(id)) {
    blobs_.publish_in_place(id_, size_);
}

void Published::require_there() const {
    constexpr int kRetryAfter = 1;
    if (clock_() - since_ < kTrusted || blobs_.size_of(id_) == size_) return;
    throw base::Error(base::Code::unavailable,
                      "The server was stalled for so long that the file's bytes are gone. Send the file again.",
                      kRetryAfter);
}

}  // namespace bodega::app
