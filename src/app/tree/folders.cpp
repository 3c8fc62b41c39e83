#include "app/tree/folders.h"

#include "app/auth/audit.h"
#include "app/names/name.h"
#include "app/tree/depth.h"
#include "app/tree/granted_lock.h"
#include "store/tree/entries.h"

namespace bodega::app {

store::Entry make_folder(const Services& services, const Grant& parent, std::string_view name,
                         const std::optional<CreationKey>& key) {
    parent.require(store::SpaceRole::editor);
    const auto id = base::Ulid::make();
    const std::string clean = clean_name(name);
    return services.catalog.transact(
        [&](db::Connection& connection) {
            if (const auto first = claim_creation(connection, parent.actor, key))
                return created_entry(connection, parent.actor, *first);
            store::Entries entries(connection);
            const store::Entry folder = lock_granted_folder(connection, parent);
            require_depth(services, folder_depth(entries, folder), 1);
            const auto outcome = entries.insert({.id = id,
                                                 .space_id = folder.space_id,
                                                 .parent_id = folder.id,
                                                 .kind = store::EntryKind::folder,
                                                 .name = clean,
                                                 .name_key = name_key(clean),
                                                 .content = {},
                                                 .now = connection.now_ms(),
                                                 .user_id = parent.actor.user_id});
            if (outcome == db::Outcome::duplicate) throw_name_taken(entries, folder.id, clean);
            note_created_entry(connection, parent.actor, key, id);
            record(connection, parent.actor, "entry.create", clean, id);
            return entries.find(id).value();
        },
        [&](db::Connection& connection) { return store::Entries(connection).find(id).has_value(); });
}

}  // namespace bodega::app
