#include "app/tree_lock.h"

#include "app/name_taken.h"
#include "base/error.h"

namespace bodega::app {
namespace {

void require_same_space(const store::Entry& now, const Grant& grant) {
    if (now.space_id != grant.entry.space_id) {
        throw base::Error(base::Code::conflict, "It was just moved to another space. Look for it there.");
    }
}

void require_live(const store::Entry& entry) {
    if (!entry.is_live()) {
        throw base::Error(base::Code::not_found, "That file or folder was just moved to the trash.");
    }
}

void require_folder(const store::Entry& entry) {
    if (!entry.is_folder()) throw base::Error(base::Code::conflict, "That is a file; only a folder holds others.");
}

}  // namespace

store::Entry lock_granted(store::Entries& entries, const Grant& grant) {
    store::Entry entry = entries.lock(grant.entry.id);
    require_same_space(entry, grant);
    require_live(entry);
    return entry;
}

store::Entry lock_granted_folder(store::Entries& entries, const Grant& grant) {
    store::Entry folder = lock_granted(entries, grant);
    require_folder(folder);
    return folder;
}

std::pair<store::Entry, store::Entry> lock_granted_both(store::Entries& entries, const Grant& grant,
                                                        const Grant& folder) {
    auto both = entries.lock_both(grant.entry.id, folder.entry.id);
    require_same_space(both.first, grant);
    require_same_space(both.second, folder);
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
