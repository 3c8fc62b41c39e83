#include "server/folder_watch.h"

#include <utility>

#include "base/log.h"
#include "blobs/folder_access.h"
#include "store/tree/blobs.h"

namespace bodega::server {
namespace {

namespace log = base::log;

constexpr int kNewest = 10;

}  // namespace

FolderWatch::FolderWatch(Backend& backend, FleetGauges& gauges)
    : backend_(backend), gauges_(gauges), reserve_file_(backend.config()) {}

std::vector<base::Ulid> FolderWatch::newest() const {
    std::vector<base::Ulid> out;
    const auto rows = backend_.services().catalog.read(
        [](db::Connection& connection) { return store::Blobs(connection).newest(kNewest); });
    for (const store::BlobRow& row : rows) out.push_back(row.id);
    return out;
}

FolderWatch::Finding FolderWatch::find() {
    const auto obstacle = blobs::find_obstacle(backend_.files(), backend_.services().blobs.root(), newest());
    if (obstacle) return {kUnusable, "The shared folder can't be written or read.", *obstacle};
    app::FolderBinding& binding = backend_.binding();
    std::optional<std::string> why = binding.look();
    return {app::state_name(binding.last_state()), why, why.value_or("")};
}

void FolderWatch::check() {
    Finding found = find();
    const bool was_well = !backend_.why_forbidden();
    if (found.why && was_well) log::error("folder", "this node is not ready", {{"why", found.details}});
    if (!found.why && !was_well) log::info("folder", "the shared folder can be used again");
    gauges_.set_folder_state(found.state);
    const bool is_well = !found.why;
    backend_.forbid_changes(std::move(found.why));
    if (!is_well) return;
    if (!is_bound_) is_bound_ = backend_.binding().begin();
    else if (backend_.binding().is_due()) backend_.binding().replace();
}

void FolderWatch::check_free_space() {
    reserve_file_.check();
    const blobs::FreeSpace::Figures free_space = backend_.free_space().look();
    gauges_.set_free_space(free_space);
    if (std::exchange(was_short_, free_space.is_short) == free_space.is_short) return;
    if (free_space.is_short)
        log::warn("folder", "the shared folder's disk is nearly full: erased files are deleted at once",
                  {{"free_bytes", free_space.free}, {"reserve_bytes", free_space.reserve}});
    else log::info("folder", "the shared folder's disk has room again", {{"free_bytes", free_space.free}});
}

void FolderWatch::mark_stopped() {
    if (!backend_.why_forbidden()) backend_.binding().replace();
}

}  // namespace bodega::server
