#include "app/tree/trash.h"

#include <unordered_map>

#include "app/auth/audit.h"
#include "app/auth/space_role.h"
#include "app/names/name.h"
#include "app/tree/answer_bytes.h"
#include "app/tree/depth.h"
#include "app/tree/free_quota.h"
#include "app/tree/granted_lock.h"
#include "app/tree/new_name.h"
#include "app/tree/page_cursors.h"
#include "base/error.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

void require_parent(const store::Entry& entry) {
    if (!entry.parent_id) throw Error(Code::conflict, "A space's own folder can't be deleted.");
}

Error parent_gone() { return {Code::conflict, "The folder that it was in is gone. Choose a folder to put it in."}; }

void require_trashed(db::Connection& connection, const store::Entry& entry) {
    if (entry.is_live()) throw Error(Code::conflict, "It is not in the trash.");
    require_not_marked(connection, entry);
}

// The folder that the entry was in. For an entry inside a trashed tree, the folder that the tree was in.
std::optional<base::Ulid> former_folder(db::Connection& connection, const store::Entry& entry) {
    if (!entry.trash_id || entry.trash_id == entry.id) return entry.trash_parent_id;
    const auto top = store::Entries(connection).find(*entry.trash_id);
    return top ? top->trash_parent_id : std::nullopt;
}

// Finds the folder to restore into, and the actor's role there.
Grant reach_folder(const Services& services, Authorizer& authorizer, const Grant& grant, const RestoreAs& restore) {
    if (restore.folder_id) return authorizer.reach(grant.actor, *restore.folder_id);
    const auto folder_id = services.catalog.read([&](db::Connection& connection) {
        require_trashed(connection, grant.entry);
        return former_folder(connection, grant.entry);
    });
    if (!folder_id) throw parent_gone();
    try {
        return authorizer.reach(grant.actor, *folder_id);
    } catch (const Error& e) {
        if (e.code() == Code::not_found) throw parent_gone();
        throw;
    }
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out.append(out.empty() ? "" : "/").append(name);
    return out;
}

// Caches original paths, since entries that were trashed together often come from one folder.
class OriginalPaths {
public:
    OriginalPaths(db::Connection& connection, const base::Ulid& user_id) : trash_(connection), user_id_(user_id) {}

    std::optional<std::string> of(const store::Entry& entry) {
        const base::Ulid folder = entry.trash_parent_id.value_or(base::Ulid{});
        if (const auto known = paths_.find(folder); known != paths_.end()) return known->second;
        const auto names = trash_.original_path(entry, user_id_);
        return paths_[folder] = names ? std::optional(joined(*names)) : std::nullopt;
    }

private:
    store::Trash trash_;
    const base::Ulid user_id_;
    std::unordered_map<base::Ulid, std::optional<std::string>> paths_;
};

store::Entry restore_into(db::Connection& connection, const Services& services, const Grant& grant, const Grant& target,
                          const std::optional<std::string>& clean) {
    store::Entries entries(connection);
    const auto [entry, folder] = lock_granted_both(connection, grant, SpaceRole::editor, target);
    require_trashed(connection, entry);
    if (entry.is_folder()) require_depth(services, folder_depth(entries, folder), 1 + folder_levels(connection, entry));
    const std::string name = clean.value_or(entry.name);
    if (store::Trash(connection, quota_rules(services)).restore(entry, folder, new_name(entry, name)) ==
        db::Outcome::duplicate) {
        throw_name_taken(entries, folder.id, name);
    }
    record(connection, grant.actor, "entry.restore", name, entry.id);
    return entries.find(entry.id).value();
}

}  // namespace

void require_not_marked(db::Connection& connection, const store::Entry& entry) {
    std::optional<store::Entry> top;
    if (entry.trash_id && entry.trash_id != entry.id) top = store::Entries(connection).find(*entry.trash_id);
    if (store::is_marked_for_deletion(top.value_or(entry)))
        throw Error(Code::not_found, "That file or folder was deleted for good.");
}

void trash_entry(db::Connection& connection, const Grant& grant) {
    const store::Entry entry = lock_granted(connection, grant);
    require_parent(entry);
    store::Trash(connection).put(entry, grant.actor.user_id, connection.now_ms());
    record(connection, grant.actor, "entry.trash", entry.name, entry.id);
}

void trash_entry(const Services& services, const Grant& grant) {
    grant.require(store::SpaceRole::editor);
    services.catalog.transact([&](db::Connection& connection) { trash_entry(connection, grant); },
                              [&](db::Connection& connection) {
                                  const auto entry = store::Entries(connection).find(grant.entry.id);
                                  return !entry || !entry->is_live();
                              });
}

store::Entry restore_entry(const Services& services, Authorizer& authorizer, const Grant& grant,
                           const RestoreAs& restore) {
    grant.require(store::SpaceRole::editor);
    const Grant target = reach_folder(services, authorizer, grant, restore);
    const auto clean = restore.name ? std::optional(clean_name(*restore.name)) : std::nullopt;
    return services.catalog.transact(
        [&](db::Connection& connection) { return restore_into(connection, services, grant, target, clean); },
        [&](db::Connection& connection) {
            const auto entry = store::Entries(connection).find(grant.entry.id);
            return entry && entry->is_live();
        });
}

store::Entry restore_entry(db::Connection& connection, const Services& services, const Grant& grant,
                           const RestoreAs& restore) {
    const auto entry = store::Entries(connection).find(grant.entry.id);
    if (!entry) throw Error(Code::not_found, "That file or folder was deleted for good.");
    require_trashed(connection, *entry);
    const auto folder_id = restore.folder_id ? restore.folder_id : former_folder(connection, *entry);
    if (!folder_id) throw parent_gone();
    const auto folder = store::Entries(connection).find(*folder_id);
    if (!folder || !folder->is_live()) throw parent_gone();
    return restore_into(connection, services, grant, {grant.actor, *folder}, restore.name);
}

TrashListing list_trash(const Services& services, const Actor& actor, const base::Ulid& space_id,
                        const std::optional<std::string>& cursor, int limit) {
    const auto after = cursor ? std::optional(read_trash_cursor(*cursor)) : std::nullopt;
    return services.catalog.read([&](db::Connection& connection) {
        role_now(connection, actor, space_id);
        store::TrashPage page = store::Trash(connection).list(space_id, after, limit);
        TrashListing listing;
        OriginalPaths paths(connection, actor.user_id);
        AnswerBytes bytes;
        for (const store::Entry& entry : page.items) {
            auto path = paths.of(entry);
            if (!bytes.take(path ? path->size() : 0)) {
                const store::Entry& before = listing.items.back().entry;
                page.last = store::TrashPosition{before.trashed_at.value_or(0), before.id};
                break;
            }
            listing.items.push_back({entry, std::move(path)});
        }
        if (page.last) listing.next_cursor = write_cursor(*page.last);
        return listing;
    });
}

}  // namespace bodega::app
