#include "app/tree/copy.h"

#include <unordered_map>

#include "app/auth/audit.h"
#include "app/names/name.h"
#include "app/tree/depth.h"
#include "app/tree/free_quota.h"
#include "app/tree/granted_lock.h"
#include "app/tree/new_name.h"
#include "base/error.h"
#include "store/tree/copies.h"
#include "store/tree/entries.h"
#include "store/tree/space_lock.h"
#include "store/tree/subtree.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

std::vector<store::Entry> read_below(db::Connection& connection, const store::Entry& source) {
    if (source.child_count == 0) return {};
    auto below = store::Subtree(connection, source.id).read_below(kCopyMost);
    if (below.size() < static_cast<std::size_t>(kCopyMost)) return below;
    throw Error(Code::too_large, "That folder holds too much to be copied at once (" + std::to_string(kCopyMost) +
                                     " files and folders at most). Copy its folders one by one.");
}

store::Copy copy_of(const store::Entry& source, const base::Ulid& id, const base::Ulid& folder_id,
                    const std::string& name) {
    store::NewName fresh = new_name(source, name);
    return {id, folder_id, &source, std::move(fresh.name), std::move(fresh.key), std::move(fresh.mime)};
}

// Lists each folder before its children, so that the folder's copy has an id when the copies of its children need it.
std::vector<store::Copy> plan(const store::Entry& source, const std::vector<store::Entry>& below, const base::Ulid& id,
                              const base::Ulid& folder_id, const std::string& name) {
    std::vector<store::Copy> copies;
    copies.reserve(below.size() + 1);
    copies.push_back(copy_of(source, id, folder_id, name));
    std::unordered_map<base::Ulid, base::Ulid> ids{{source.id, id}};
    for (const store::Entry& entry : below) {
        const auto copy_id = base::Ulid::make();
        if (entry.is_folder()) ids.emplace(entry.id, copy_id);
        copies.push_back(copy_of(entry, copy_id, ids.at(entry.parent_id.value()), entry.name));
    }
    return copies;
}

std::int64_t bytes_of(const std::vector<store::Copy>& copies) {
    std::int64_t bytes = 0;
    for (const auto& copy : copies) bytes += copy.source->size;
    return bytes;
}

}  // namespace

store::Entry copy_entry(db::Connection& connection, const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name, const base::Ulid& copy_id) {
    store::Entries entries(connection);
    const auto [from, into] = lock_granted_both(connection, source, SpaceRole::viewer, folder);
    if (!from.is_live()) throw Error(Code::not_found, "That file or folder was just moved to the trash.");
    if (!from.parent_id) throw Error(Code::conflict, "A space's own folder can't be copied. Copy what it holds.");
    const std::string new_name = name.value_or(from.name);
    if (entries.find_child(into.id, new_name)) throw_name_taken(entries, into.id, new_name);
    if (from.is_folder()) require_depth(services, folder_depth(entries, into), 1 + folder_levels(connection, from));
    const auto below = read_below(connection, from);
    const auto copies = plan(from, below, copy_id, into.id, new_name);
    store::charge_space(connection, into.space_id, bytes_of(copies), quota_rules(services));
    store::insert_copies(connection, copies, into.space_id, folder.actor.user_id, connection.now_ms());
    entries.touch_folder(into.id, 1);
    record(connection, folder.actor, "entry.copy", new_name, copy_id,
           detail({{"of", from.name}, {"to_folder", folder_name(connection, into)}, {"from", from.id.text()}}));
    return entries.find(copy_id).value();
}

store::Entry copy_entry(const Services& services, const Grant& source, const Grant& folder,
                        const std::optional<std::string>& name) {
    folder.require(store::SpaceRole::editor);
    const auto id = base::Ulid::make();
    const auto clean = name ? std::optional(clean_name(*name)) : std::nullopt;
    return services.catalog.transact(
        [&](db::Connection& connection) { return copy_entry(connection, services, source, folder, clean, id); },
        [&](db::Connection& connection) { return store::Entries(connection).find(id).has_value(); });
}

}  // namespace bodega::app
