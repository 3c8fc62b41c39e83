#include "app/tree/file_commit.h"

#include "app/auth/audit.h"
#include "app/names/name.h"
#include "app/tree/name_taken.h"
#include "app/names/next_name.h"
#include "app/auth/space_role.h"
#include "base/error.h"
#include "store/tree/blobs.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;

base::Error taken(const std::string& name) {
    return {Code::name_taken, "The name \"" + name + "\" is taken in that folder. Choose another."};
}

Placed placed_before(db::Connection& connection, const Placement& placement, const base::Ulid& blob_id) {
    auto entry_id = store::entry_of_blob(connection, blob_id);
    std::optional<store::Entry> entry;
    if (entry_id) entry = store::Entries(connection).find(*entry_id);
    if (!entry) throw base::Error(Code::conflict, "The file was put there and has been removed since.");
    return {*entry, entry->id == placement.new_entry_id};
}

}  // namespace

Placed place(db::Connection& connection, const Placement& placement, const store::Content& content) {
    if (store::Blobs(connection).insert({content.blob_id, content.size, content.sha256}) == db::Outcome::duplicate)
        return placed_before(connection, placement, content.blob_id);
    store::Entries entries(connection, placement.room);
    store::Entry folder = entries.lock_folder(placement.folder_id);
    require_role(connection, placement.actor, folder.space_id, store::SpaceRole::editor);
    std::optional<store::Entry> there = entries.find_child(folder.id, placement.name);
    placement.expected.check(there);
    base::Milliseconds now = connection.now_ms();
    bool may_replace = placement.on_conflict == store::OnConflict::replace;
    if (there && may_replace && !there->is_folder()) {
        entries.replace_content(*there, content, placement.actor.user_id, now, placement.versions_keep);
        record(connection, placement.actor, "entry.replace", there->name, there->id);
        return {*entries.find(there->id), false};
    }
    bool rename = placement.on_conflict == store::OnConflict::rename;
    if (there && !rename) throw NameTaken(placement.name, there->id);
    std::string name = there ? free_name(entries, folder.id, placement.name, false) : placement.name;
    store::NewEntry entry{placement.new_entry_id, folder.space_id, folder.id, store::EntryKind::file, name,
                          name_key(name),         content,         now,       placement.actor.user_id};
    if (entries.insert(entry) == db::Outcome::duplicate) throw taken(name);
    record(connection, placement.actor, "entry.create", entry.name, entry.id);
    return {*entries.find(entry.id), true};
}

}  // namespace bodega::app
