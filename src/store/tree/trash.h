// Deleted entries that can be restored.
//
// The top of a trashed subtree has no parent (its name is free again) but records where it was. All entries below it
// have its id as trash_id. Permanent deletion takes bounded steps. First the top is marked for deletion, and users no
// longer see it. Then its subtree is deleted in batches, with the top last. After a crash, the next run that deletes
// expired entries continues.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "store/tree/entries.h"

namespace bodega::store {

struct TrashPosition {
    base::Milliseconds trashed_at = 0;
    base::Ulid id;
};

struct TrashPage {
    std::vector<Entry> items;
    std::optional<TrashPosition> last;  // the last item's position if more items follow
};

// Each object uses one connection, on that connection's thread. "Requires: a lock" means that this transaction has
// locked the space's row.
class Trash {
public:
    explicit Trash(db::Connection& connection, QuotaRules rules = {}) : connection_(connection), rules_(rules) {}

    // Moves an entry to the trash. Requires: a lock; `entry` is live and not a root.
    void put(const Entry& entry, const base::Ulid& user_id, base::Milliseconds now);

    // Restores `entry` with its subtree into a live folder, under a name. `entry` is the top of a trashed subtree, or
    // below one. Returns duplicate, and changes nothing, if the name is taken. Throws Error{quota_exceeded} if the
    // folder is in another space and that space has no room. Requires: a lock on both spaces.
    db::Outcome restore(const Entry& entry, const Entry& folder, const NewName& name);

    // Returns the tops of the trashed subtrees of a space, the most recently trashed first. Requires: limit > 0.
    TrashPage list(const base::Ulid& space_id, const std::optional<TrashPosition>& after, int limit);

    // Returns the current names of the folders on the path to the entry's former place, without the root. Returns
    // std::nullopt if one of these folders is permanently deleted, or is now in a space of which this user is not a
    // member.
    std::optional<std::vector<std::string>> original_path(const Entry& entry, const base::Ulid& user_id);

    // Marks a trashed subtree for deletion. Requires: a lock; `top` is the top of a trashed subtree.
    void mark_for_deletion(const base::Ulid& top);
    // Marks for deletion all subtrees of a space that were trashed before `cutoff`.
    void mark_older_for_deletion(const base::Ulid& space_id, base::Milliseconds cutoff);

    // Deletes at most `limit` entries of the marked subtrees in a space, and subtracts their bytes from the space.
    // Returns how many were deleted; fewer than `limit` if no marked subtree is left. Requires: a lock; limit > 0.
    int delete_some_marked(const base::Ulid& space_id, int limit);

    // Returns the spaces that have subtrees marked for deletion, or trashed before `cutoff`.
    std::vector<base::Ulid> spaces_with_expired(base::Milliseconds cutoff);

private:
    bool has_expired(const base::Ulid& space_id, base::Milliseconds cutoff);
    std::int64_t erase_entry(const base::Ulid& id);

    db::Connection& connection_;
    const QuotaRules rules_;
};

// Whether the entry is the top of a subtree that is marked for deletion. Callers treat such an entry as gone.
bool is_marked_for_deletion(const Entry& entry) noexcept;

}  // namespace bodega::store
