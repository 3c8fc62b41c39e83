#include "app/tree/published.h"

#include "base/error.h"

namespace bodega::app {

// Sets since_ to a time before the file's last change. For a file in incoming, the last change is the rename below. A
// file that was written under its final name (in_place) is not renamed; its last change is a write, which came after
// `began`.
Published::Published(const blobs::Store& blobs, const base::BodyOrder& order, std::int64_t size,
                     base::Milliseconds began, const HeldLease::Clock& clock)
    : blobs_(blobs), id_(order.file), size_(size), clock_(clock), since_(order.in_place ? began : clock()) {
    if (order.in_place) blobs_.publish_in_place(id_, size_);
    else blobs_.publish(id_, size_);
}

void Published::require_there() const {
    constexpr int kRetryAfter = 1;
    if (clock_() - since_ < kTrusted || blobs_.size_of(id_) == size_) return;
    throw base::Error(base::Code::unavailable,
                      "The server was stalled for so long that the file's bytes are gone. Send the file again.",
                      kRetryAfter);
}

}  // namespace bodega::app
