#include "app/tree/move.h"

#include <algorithm>

#include "app/auth/audit.h"
#include "app/names/name.h"
#include "app/tree/depth.h"
#include "app/tree/entry_details.h"
#include "app/tree/file_date.h"
#include "app/tree/free_quota.h"
#include "app/tree/granted_lock.h"
#include "app/tree/new_name.h"
#include "base/error.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

class Mover {
public:
    Mover(db::Connection& connection, const Services& services, const Grant& grant,
          const std::optional<std::string>& name)
        : connection_(connection),
          entries_(connection, quota_rules(services)),
          services_(services),
          grant_(grant),
          new_name_(name) {}

    store::Entry run(const Move& move) {
        store::Entry entry = run_name(move);
        if (!move.modified_at || *move.modified_at == entry.modified_at) return entry;
        entries_.set_modified(entry, *move.modified_at);
        record(connection_, grant_.actor, "entry.date", entry.name, entry.id,
               detail("to", base::rfc3339(*move.modified_at)));
        return entries_.find(entry.id).value();
    }

private:
    store::Entry run_name(const Move& move) {
        if (move.folder) {
            auto [entry, folder] = lock_granted_both(connection_, grant_, SpaceRole::editor, *move.folder);
            check(entry, move);
            if (folder.id != entry.parent_id) return into(entry, folder);
            return rename(entry);
        }
        const store::Entry entry = lock_granted(connection_, grant_);
        check(entry, move);
        return rename(entry);
    }

    void check(const store::Entry& entry, const Move& move) {
        if (!entry.is_live()) throw Error(Code::not_found, "That file or folder was just moved to the trash.");
        if (!entry.parent_id) throw Error(Code::conflict, "A space's own folder can't be renamed or moved.");
        if (move.expected) require_match(*move.expected, entry_details(connection_, entry, grant_.role));
    }

    store::Entry rename(const store::Entry& entry) {
        if (!new_name_ || *new_name_ == entry.name) return entry;
        const auto& user = grant_.actor.user_id;
        if (entries_.rename(entry, new_name(entry, *new_name_), user, connection_.now_ms()) == db::Outcome::duplicate) {
            throw_name_taken(entries_, *entry.parent_id, *new_name_);
        }
        record(connection_, grant_.actor, "entry.rename", entry.name, entry.id, detail("to", *new_name_));
        return entries_.find(entry.id).value();
    }

    void check_folders(const store::Entry& entry, const store::Entry& folder) {
        const auto above = entries_.path(folder.id);
        const bool within =
            std::any_of(above.begin(), above.end(), [&](const auto& step) { return step.id == entry.id; });
        if (within || folder.id == entry.id)
            throw Error(Code::conflict, "A folder can't go into itself or into one that it holds. Choose another.");
        // Skips the check for a folder that is below itself (a cycle). It has no depth, and this move takes it out of
        // the cycle.
        if (folder_depth(entries_, entry) < store::Entries::kMaxLevels)
            require_depth(services_, static_cast<int>(above.size()), 1 + folder_levels(connection_, entry));
    }

    store::Entry into(const store::Entry& entry, const store::Entry& folder) {
        if (entry.is_folder()) check_folders(entry, folder);
        const std::string& name = new_name_ ? *new_name_ : entry.name;
        const auto& user = grant_.actor.user_id;
        if (entries_.move(entry, folder, new_name(entry, name), user, connection_.now_ms()) == db::Outcome::duplicate) {
            throw_name_taken(entries_, folder.id, name);
        }
        const auto left = entries_.find(*entry.parent_id);
        record(connection_, grant_.actor, "entry.move", name, entry.id,
               detail({{"from_folder", left ? folder_name(connection_, *left) : ""},
                       {"to_folder", folder_name(connection_, folder)},
                       {"parent_id", folder.id.text()}}));
        return entries_.find(entry.id).value();
    }

    db::Connection& connection_;
    store::Entries entries_;
    const Services& services_;
    const Grant& grant_;
    const std::optional<std::string>& new_name_;
};

}  // namespace

store::Entry move_entry(db::Connection& connection, const Services& services, const Grant& grant, const Move& move) {
    return Mover(connection, services, grant, move.name).run(move);
}

store::Entry move_entry(const Services& services, const Grant& grant, const Move& move) {
    grant.require(store::SpaceRole::editor);
    if (move.folder) move.folder->require(store::SpaceRole::editor);
    if (move.modified_at) require_file_date("modified_at", *move.modified_at);
    const auto name = move.name ? std::optional(clean_name(*move.name)) : std::nullopt;
    // After a lost answer to COMMIT, the entry's folder, name and date show whether the move was committed.
    const auto happened = [&](db::Connection& connection) {
        const auto entry = store::Entries(connection).find(grant.entry.id);
        return entry && (!name || entry->name == *name) &&
               (!move.folder || entry->parent_id == move.folder->entry.id) &&
               (!move.modified_at || entry->modified_at == *move.modified_at);
    };
    return services.catalog.transact(
        [&](db::Connection& connection) { return Mover(connection, services, grant, name).run(move); }, happened);
}

}  // namespace bodega::app
