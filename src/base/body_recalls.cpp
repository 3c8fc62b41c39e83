#include "base/body_recalls.h"

#include <utility>

namespace bodega::base {

BodyRecalls::Seat::Seat(BodyRecalls& recalls, const Ulid& ticket, std::function<void()> stop)
    : recalls_(recalls), ticket_(ticket) {
    const MutexLock lock(recalls_.mutex_);
    recalls_.writers_.insert_or_assign(ticket, std::move(stop));
}

BodyRecalls::Seat::~Seat() {
    const MutexLock lock(recalls_.mutex_);
    recalls_.writers_.erase(ticket_);
}

bool BodyRecalls::recall(const Ulid& ticket) {
    const MutexLock lock(mutex_);
    auto found = writers_.find(ticket);
    if (found == writers_.end()) return false;
    found->second();
    return true;
}

bool BodyRecalls::empty() const {
    const MutexLock lock(mutex_);
    return writers_.empty();
}

}  // namespace bodega::base
