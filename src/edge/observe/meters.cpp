#include "edge/observe/meters.h"

#include <algorithm>
#include <utility>

namespace bodega::edge {

void Durations::add(std::int64_t micros) noexcept {
    auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), micros);
    counts_[static_cast<std::size_t>(bound - kBounds.begin())].add();
    micros_.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros)));
}

void Durations::add_to(Sum& sum) const noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) sum.counts[i] += counts_[i].value();
    sum.micros += micros_.value();
}

template <class Meter>
Meter& Meters::find(Named<Meter>& meters, std::string_view name) {
    // This look-up needs no lock, since only this thread changes the maps.
    auto found = meters.find(name);
    if (found == meters.end() && meters.size() >= kMax) found = meters.find(name = kRest);
    if (found == meters.end()) {
        auto made = std::make_unique<Meter>();
        const base::MutexLock lock(mutex_);
        found = meters.emplace(name, std::move(made)).first;
    }
    return *found->second;
}

template RouteMeter& Meters::find(Named<RouteMeter>&, std::string_view);
template UpstreamMeter& Meters::find(Named<UpstreamMeter>&, std::string_view);

void Meters::each_route(const std::function<void(const std::string&, const RouteMeter&)>& see) const {
    const base::MutexLock lock(mutex_);
    for (const auto& [name, meter] : routes_) see(name, *meter);
}

void Meters::each_upstream(const std::function<void(const std::string&, const UpstreamMeter&)>& see) const {
    const base::MutexLock lock(mutex_);
    for (const auto& [name, meter] : upstreams_) see(name, *meter);
}

}  // namespace bodega::edge
