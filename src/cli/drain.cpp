#include "cli/drain.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace bodega::cli {

bool Drain::set(Reason reason, bool holds) {
    const std::lock_guard lock(mutex_);
    bool before = std::exchange(reasons_[static_cast<std::size_t>(reason)], holds);
    bool on = std::any_of(reasons_.begin(), reasons_.end(), std::identity());
    if (!on) since_.reset();
    else if (!since_) since_ = base::Steady::now();
    return before != holds;
}

bool Drain::is_on() const {
    const std::lock_guard lock(mutex_);
    return since_.has_value();
}

config::Duration Drain::lasted() const {
    const std::lock_guard lock(mutex_);
    if (!since_) return config::Duration::zero();
    return std::chrono::duration_cast<config::Duration>(base::Steady::now() - *since_);
}

}  // namespace bodega::cli
