#include "server/fleet_gauges.h"

#include <array>
#include <string_view>
#include <utility>

namespace bodega::server {
namespace {

using Kind = base::Exposition::Kind;

constexpr std::array<std::string_view, 7> kFolderStates = {"ours",  "unbound",   "absent", "foreign",
                                                           "ahead", "contested", kUnusable};
constexpr std::array<std::string_view, 4> kStates = {"starting", "ready", "unready", "draining"};

void write_space(base::Exposition& out, const FleetNumbers& numbers) {
    if (numbers.used_bytes >= 0)
        out.gauge("bodega_space_used_bytes", "Bytes that all spaces hold, by the catalog.", numbers.used_bytes);
    if (numbers.total_bytes < 0) return;
    out.gauge("bodega_shared_free_bytes", "Free bytes on the shared directory's file system.", numbers.free_bytes);
    out.gauge("bodega_shared_size_bytes", "The size of the shared directory's file system.", numbers.total_bytes);
}

}  // namespace

void FleetGauges::set(FleetNumbers numbers) {
    const base::MutexLock lock(mutex_);
    numbers_ = std::move(numbers);
}

void FleetGauges::set_folder_state(std::string_view state) {
    const base::MutexLock lock(mutex_);
    folder_state_ = state;
}

void FleetGauges::set_free_space(const blobs::FreeSpace::Figures& free_space) {
    const base::MutexLock lock(mutex_);
    free_space_ = free_space;
}

void FleetGauges::write_folder(base::Exposition& out) const {
    if (free_space_.reserve >= 0) {
        out.gauge("bodega_shared_reserve_bytes", "Bytes that uploads leave free there (files.reserve).",
                  free_space_.reserve);
        out.gauge("bodega_shared_short_of_room", "1 while less than twice the reserve is free.",
                  free_space_.is_short ? 1 : 0);
    }
    if (folder_state_.empty()) return;
    out.family("bodega_folder_state", "1 for the shared folder's current state, 0 for all others.", Kind::gauge);
    for (const std::string_view state : kFolderStates) out.sample({{"state", state}}, folder_state_ == state ? 1 : 0);
}

void FleetGauges::write_metrics(base::Exposition& out) const {
    const base::MutexLock lock(mutex_);
    write_folder(out);
    if (numbers_.state.empty()) return;
    out.family("bodega_node_state", "1 for the state in this node's catalog row, 0 for all others.", Kind::gauge);
    for (std::string_view state : kStates) out.sample({{"state", state}}, numbers_.state == state ? 1 : 0);
    out.family("bodega_leases_held", "1 for each lease that this node holds.", Kind::gauge);
    for (const std::string& lease : numbers_.leases) out.sample({{"lease", lease}}, 1);
    out.gauge("bodega_uploads_open", "Unfinished uploads of the whole fleet.", numbers_.uploads.open);
    out.gauge("bodega_uploads_active", "Unfinished uploads that are being written to.", numbers_.uploads.active);
    out.gauge("bodega_jobs_open", "Jobs of the whole fleet that have not ended.", numbers_.jobs.open);
    out.gauge("bodega_jobs_oldest_seconds", "Age of the fleet's oldest job that has not ended.",
              numbers_.jobs.oldest / 1000);
    write_space(out, numbers_);
}

}  // namespace bodega::server
