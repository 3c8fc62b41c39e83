#include "server/folder_watch.h"

#include <utility>

#include "base/log.h"
#include "blobs/folder_access.h"
#include "store/tree/blobs.h"

namespace bodega::cli {
namespace {

namespace log = base::log;

constexpr int kNewest = 10;

}  // namespace

FolderWatch::FolderWatch(Storehouse& house, FleetGauges& gauges)
    : house_(house), gauges_(gauges), reserve_file_(house.config()) {}

std::vector<base::Ulid> FolderWatch::newest() const {
    std::vector<base::Ulid> out;
    const auto rows = house_.services().catalog.read(
        [](db::Connection& connection) { return store::Blobs(connection).newest(kNewest); });
    for (const store::BlobRow& row : rows) out.push_back(row.id);
    return out;
}

FolderWatch::Finding FolderWatch::find() {
    const auto obstacle = blobs::find_obstacle(house_.files(), house_.services().blobs.root(), newest());
    if (obstacle) return {kUnusable, "The shared folder can't be written or read.", *obstacle};
    app::FolderBinding& binding = house_.binding();
    std::optional<std::string> why = binding.look();
    return {app::state_name(binding.last_state()), why, why.value_or("")};
}

void FolderWatch::look() {
    Finding found = find();
    const bool was_well = !house_.why_forbidden();
    if (found.why && was_well) log::error("folder", "this node is not ready", {{"why", found.details}});
    if (!found.why && !was_well) log::info("folder", "the shared folder can be used again");
    gauges_.set_folder_state(found.state);
    const bool is_well = !found.why;
    house_.forbid_changes(std::move(found.why));
    if (!is_well) return;
    if (!is_bound_) is_bound_ = house_.binding().begin();
    else if (house_.binding().is_due()) house_.binding().replace();
}

void FolderWatch::look_at_room() {
    reserve_file_.look();
    const blobs::Room::Figures room = house_.room().look();
    gauges_.set_room(room);
    if (std::exchange(was_short_, room.is_short) == room.is_short) return;
    if (room.is_short)
        log::warn("folder", "the shared folder's disk is nearly full: erased files end at once",
                  {{"free_bytes", room.free}, {"reserve_bytes", room.reserve}});
    else log::info("folder", "the shared folder's disk has room again", {{"free_bytes", room.free}});
}

void FolderWatch::leave() {
    if (!house_.why_forbidden()) house_.binding().replace();
}

}  // namespace bodega::cli
