#include "app/tree/preflight.h"

#include "app/names/name.h"
#include "app/tree/free_quota.h"
#include "app/tree/name_taken.h"
#include "base/error.h"
#include "store/tree/entries.h"

namespace bodega::app {

using base::Code;

void Preflight::admit(std::int64_t size) const {
    if (size <= max) return;
    if (limit_is_quota) store::throw_quota_exceeded();
    throw base::Error(Code::too_large,
                      "The file is larger than this server takes (" + std::to_string(max) + " bytes).");
}

Preflight preflight_file(const Services& services, const Grant& folder, const std::string& name,
                         store::OnConflict on_conflict, const Precondition& precondition,
                         std::optional<std::int64_t> length) {
    folder.require(store::SpaceRole::editor);
    if (!folder.entry.is_folder()) throw base::Error(Code::conflict, "That is a file; only a folder holds others.");
    Preflight out{clean_name(name), services.config.files.max_file, false};
    out.admit(length.value_or(0));
    services.catalog.read([&](db::Connection& connection) {
        std::optional<std::int64_t> quota =
            available_quota(services, connection, folder.entry.space_id, length.value_or(out.max));
        if (quota && *quota < out.max) {
            out.max = *quota;
            out.limit_is_quota = true;
        }
        auto there = store::Entries(connection).find_child(folder.entry.id, out.name);
        precondition.check(there);
        bool blocked = there && (there->is_folder() || on_conflict == store::OnConflict::fail);
        if (blocked && on_conflict != store::OnConflict::rename) throw NameTaken(out.name, there->id);
    });
    out.admit(length.value_or(0));
    if (services.free_space) services.free_space->require(length.value_or(1));
    return out;
}

}  // namespace bodega::app
