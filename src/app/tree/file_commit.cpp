#include "app/tree/file_commit.h"

#include "app/auth/audit.h"
#include "app/auth/space_role.h"
#include "app/names/name.h"
#include "app/names/next_name.h"
#include "app/tree/name_taken.h"
#include "base/error.h"
#include "store/tree/blobs.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;

base::Error taken(const std::string& name) {
    return {Code::name_taken, "The name \"" + name + "\" is taken in that folder. Choose another."};
}

CommittedFile committed_before(db::Connection& connection, const FileCommit& commit, const base::Ulid& blob_id) {
    auto entry_id = store::entry_of_blob(connection, blob_id);
    std::optional<store::Entry> entry;
    if (entry_id) entry = store::Entries(connection).find(*entry_id);
    if (!entry) throw base::Error(Code::conflict, "The file was put there and has been removed since.");
    return {*entry, entry->id == commit.new_entry_id};
}

// The row that the insertion made, without reading it again.
store::Entry made(const store::NewEntry& row, const Actor& actor) {
    store::Entry out;
    out.id = row.id;
    out.space_id = row.space_id;
    out.parent_id = row.parent_id;
    out.kind = row.kind;
    out.name = row.name;
    out.size = row.content->size;
    out.mime = row.content->mime;
    out.blob_id = row.content->blob_id;
    out.sha256 = row.content->sha256;
    out.created_at = row.now;
    out.modified_at = row.content->modified_at.value_or(row.now);
    out.uploaded_at = row.now;
    if (!actor.is_console()) out.modified_by = actor.username;
    return out;
}

}  // namespace

CommittedFile commit_file(db::Connection& connection, const FileCommit& commit, const store::Content& content) {
    if (store::Blobs(connection).insert({content.blob_id, content.size, content.sha256}) == db::Outcome::duplicate)
        return committed_before(connection, commit, content.blob_id);
    store::Entries entries(connection, commit.quota);
    store::Entry folder = entries.lock_folder(commit.folder_id);
    require_role(connection, commit.actor, folder.space_id, store::SpaceRole::editor);
    std::optional<store::Entry> there = entries.find_child(folder.id, commit.name);
    commit.precondition.check(there);
    base::Milliseconds now = connection.now_ms();
    bool may_replace = commit.on_conflict == store::OnConflict::replace;
    if (there && may_replace && !there->is_folder()) {
        entries.replace_content(*there, content, commit.actor.user_id, now, commit.versions_keep);
        record(connection, commit.actor, "entry.replace", there->name, there->id);
        return {*entries.find(there->id), false};
    }
    bool rename = commit.on_conflict == store::OnConflict::rename;
    if (there && !rename) throw NameTaken(commit.name, there->id);
    std::string name = there ? free_name(entries, folder.id, commit.name, false) : commit.name;
    store::NewEntry entry{commit.new_entry_id, folder.space_id, folder.id, store::EntryKind::file, name,
                          name_key(name),      content,         now,       commit.actor.user_id};
    if (entries.insert(entry) == db::Outcome::duplicate) throw taken(name);
    record(connection, commit.actor, "entry.create", entry.name, entry.id);
    return {made(entry, commit.actor), true};
}

}  // namespace bodega::app
