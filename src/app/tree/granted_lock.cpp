#include "app/tree/granted_lock.h"

#include "app/auth/space_role.h"
#include "app/tree/name_taken.h"
#include "base/error.h"

namespace bodega::app {
namespace {

void require_live(const store::Entry& entry) {
    if (!entry.is_live()) {
        throw base::Error(base::Code::not_found, "That file or folder was just moved to the trash.");
    }
}

void require_folder(const store::Entry& entry) {
    if (!entry.is_folder()) throw base::Error(base::Code::conflict, "That is a file; only a folder holds others.");
}

}  // namespace

store::Entry lock_granted(db::Connection& connection, const Grant& grant) {
    store::Entry entry = lock_granted_anywhere(connection, grant);
    require_live(entry);
    return entry;
}

store::Entry lock_granted_anywhere(db::Connection& connection, const Grant& grant) {
    store::Entry entry = store::Entries(connection).lock(grant.entry.id);
    require_role(connection, grant.actor, entry.space_id, SpaceRole::editor);
    return entry;
}

store::Entry lock_granted_folder(db::Connection& connection, const Grant& grant) {
    store::Entry folder = lock_granted(connection, grant);
    require_folder(folder);
    return folder;
}

std::pair<store::Entry, store::Entry> lock_granted_both(db::Connection& connection, const Grant& grant, SpaceRole least,
                                                        const Grant& folder) {
    auto both = store::Entries(connection).lock_both(grant.entry.id, folder.entry.id);
    require_role(connection, grant.actor, both.first.space_id, least);
    require_role(connection, folder.actor, both.second.space_id, SpaceRole::editor);
    require_live(both.second);
    require_folder(both.second);
    return both;
}

void throw_name_taken(store::Entries& entries, const base::Ulid& folder_id, const std::string& name) {
    const auto existing = entries.find_child(folder_id, name);
    if (existing) throw NameTaken(name, existing->id);
    throw base::Error(base::Code::internal, "a name was found taken and then free under one lock");
}

}  // namespace bodega::app
