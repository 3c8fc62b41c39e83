#include "server/drain.h"

#include <algorithm>
#include <utility>

namespace bodega::server {

bool Drain::set(Reason reason, bool holds, std::string why) {
    const base::MutexLock lock(mutex_);
    std::optional<std::string>& known = reasons_[static_cast<std::size_t>(reason)];
    const bool before = known.has_value();
    if (holds) known = std::move(why);
    else known.reset();
    const bool on = std::ranges::any_of(reasons_, [](const auto& one) { return one.has_value(); });
    if (!on) since_.reset();
    else if (!since_) since_ = base::Steady::now();
    return before != holds;
}

std::optional<std::string> Drain::why() const {
    const base::MutexLock lock(mutex_);
    const auto found = std::ranges::find_if(reasons_, [](const auto& one) { return one.has_value(); });
    return found == reasons_.end() ? std::nullopt : *found;
}

bool Drain::is_on() const {
    const base::MutexLock lock(mutex_);
    return since_.has_value();
}

config::Duration Drain::lasted() const {
    const base::MutexLock lock(mutex_);
    if (!since_) return config::Duration::zero();
    return std::chrono::duration_cast<config::Duration>(base::Steady::now() - *since_);
}

}  // namespace bodega::server
