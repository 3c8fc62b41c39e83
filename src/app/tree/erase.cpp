// Implements the functions of app/tree/trash.h that delete entries for good.
#include "app/auth/audit.h"
#include "app/auth/space_role.h"
#include "app/tree/granted_lock.h"
#include "app/tree/trash.h"
#include "base/error.h"
#include "store/tree/entries.h"
#include "store/tree/space_lock.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;

// The most entries that one transaction deletes. This limits the time for which other writers of the space wait.
constexpr int kBatch = 500;

// The most entries that a request deletes. The garbage collector deletes the rest.
constexpr int kRequestMost = 20'000;

constexpr base::Milliseconds kEndOfTime = std::int64_t{1} << 60;

// Deletes marked entries of a space in batches, until none is left or at least `max` were deleted.
int delete_some_marked(const Services& services, const base::Ulid& space_id, int max) {
    int all = 0;
    for (int ended = kBatch; ended == kBatch && all < max; all += ended) {
        ended = services.catalog.transact([&](db::Connection& connection) {
            store::lock_space(connection, space_id);
            return store::Trash(connection).delete_some_marked(space_id, kBatch);
        });
    }
    return all;
}

void mark_older_for_deletion(const Services& services, const base::Ulid& space_id, base::Milliseconds cutoff) {
    services.catalog.transact([&](db::Connection& connection) {
        store::lock_space(connection, space_id);
        store::Trash(connection).mark_older_for_deletion(space_id, cutoff);
    });
}

}  // namespace

base::Ulid mark_for_deletion(db::Connection& connection, const Grant& grant) {
    const store::Entry entry = lock_granted_anywhere(connection, grant);
    if (store::is_marked_for_deletion(entry)) return entry.space_id;
    if (entry.is_live() && !entry.parent_id) throw Error(Code::conflict, "A space's own folder can't be deleted.");
    if (!entry.is_live() && entry.trash_id != entry.id) {
        throw Error(Code::conflict, "It is in the trash with the folder that holds it. Delete that folder.");
    }
    store::Trash trash(connection);
    // An entry that is not in the trash is moved there first.
    if (entry.is_live()) trash.put(entry, grant.actor.user_id, connection.now_ms());
    trash.mark_for_deletion(entry.id);
    record(connection, grant.actor, "entry.delete", entry.name, entry.id);
    return entry.space_id;
}

void erase_entry(const Services& services, const Grant& grant) {
    grant.require(store::SpaceRole::editor);
    base::Ulid space_id = grant.entry.space_id;
    services.catalog.transact([&](db::Connection& connection) { space_id = mark_for_deletion(connection, grant); },
                              [&](db::Connection& connection) {
                                  const auto entry = store::Entries(connection).find(grant.entry.id);
                                  return !entry || store::is_marked_for_deletion(*entry);
                              });
    delete_marked(services, space_id);
}

void delete_marked(const Services& services, const base::Ulid& space_id) {
    delete_some_marked(services, space_id, kRequestMost);
}

void empty_trash(const Services& services, const Actor& actor, const base::Ulid& space_id) {
    services.catalog.transact([&](db::Connection& connection) {
        store::lock_space(connection, space_id);
        require_role(connection, actor, space_id, SpaceRole::editor);
        store::Trash(connection).mark_older_for_deletion(space_id, kEndOfTime);
        record(connection, actor, "trash.empty", "", space_id);
    });
    delete_marked(services, space_id);
}

int expire_trash(const Services& services, base::Milliseconds now, int max) {
    const auto keep = services.config.files.trash_keep.count();
    // With files.trash_keep = 0 nothing expires. The cutoff is then 1, which is later only than the time 0 of entries
    // that are marked for deletion. So entries that an interrupted deletion left behind are still removed.
    const base::Milliseconds cutoff = keep > 0 ? now - keep : 1;
    const auto spaces = services.catalog.read(
        [&](db::Connection& connection) { return store::Trash(connection).spaces_with_expired(cutoff); });
    int ended = 0;
    for (const base::Ulid& space : spaces) {
        if (ended >= max) break;
        mark_older_for_deletion(services, space, cutoff);
        ended += delete_some_marked(services, space, max - ended);
    }
    return ended;
}

}  // namespace bodega::app
