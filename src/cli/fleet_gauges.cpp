#include "cli/fleet_gauges.h"

#include <array>
#include <string_view>
#include <utility>

namespace bodega::cli {
namespace {

using Kind = base::Exposition::Kind;

constexpr std::array<std::string_view, 4> kStates = {"starting", "ready", "unready", "draining"};

void write_space(base::Exposition& out, const FleetNumbers& numbers) {
    if (numbers.used_bytes >= 0)
        out.gauge("bodega_space_used_bytes", "What all spaces hold, as the catalog has it.", numbers.used_bytes);
    if (numbers.total_bytes < 0) return;
    out.gauge("bodega_shared_free_bytes", "Free on the shared directory's file system.", numbers.free_bytes);
    out.gauge("bodega_shared_size_bytes", "The size of the shared directory's file system.", numbers.total_bytes);
}

}  // namespace

void FleetGauges::set(FleetNumbers numbers) {
    const std::lock_guard lock(mutex_);
    numbers_ = std::move(numbers);
}

void FleetGauges::write_metrics(base::Exposition& out) const {
    const std::lock_guard lock(mutex_);
    if (numbers_.state.empty()) return;
    out.family("bodega_node_state", "1 for what this node's row in the catalog says, 0 for the rest.", Kind::gauge);
    for (std::string_view state : kStates) out.sample({{"state", state}}, numbers_.state == state ? 1 : 0);
    out.family("bodega_leases_held", "1 for each lease that this node holds.", Kind::gauge);
    for (const std::string& lease : numbers_.leases) out.sample({{"lease", lease}}, 1);
    out.gauge("bodega_uploads_open", "Uploads of the whole fleet that were begun and have not ended.",
              numbers_.uploads.open);
    out.gauge("bodega_uploads_active", "Of these, the ones that are being written to.", numbers_.uploads.active);
    out.gauge("bodega_jobs_open", "Jobs of the whole fleet that have not ended.", numbers_.jobs.open);
    out.gauge("bodega_jobs_oldest_seconds", "Since the oldest of these was begun.", numbers_.jobs.oldest / 1000);
    write_space(out, numbers_);
}

}  // namespace bodega::cli
