// What was deleted and can come back.
//
// The top of what was trashed has no parent any more (its name is free again) but knows where it was; all
// below it bear its id as trash_id. Ending it for good goes in bounded steps: first the top is doomed, from
// when nobody sees it any more, then what it holds goes in batches, and the top last. A crash on the way is
// picked up by whoever looks for what has expired.
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
    std::optional<TrashPosition> last;  // of the last item, if more come after it
};

// One object works on one connection, on its thread. "Requires: a lock" as in entries.h.
class Trash {
public:
    explicit Trash(db::Connection& connection, RoomRules rules = {}) : connection_(connection), rules_(rules) {}

    // Requires: a lock; `entry` is live and no root.
    void put(const Entry& entry, const base::Ulid& user_id, base::Milliseconds now);

    // Brings `entry`, a top or what is below one, and all below it back, into a live folder under a name.
    // duplicate: the name is taken there, nothing changed.
    // Throws Error{quota_exceeded} if the folder is in another space that has no room.
    // Requires: a lock on both spaces.
    db::Outcome restore(const Entry& entry, const Entry& folder, const NewName& name);

    // The tops in a space's trash, newest first. Requires: limit > 0.
    TrashPage list(const base::Ulid& space_id, const std::optional<TrashPosition>& after, int limit);

    // The names of the folders on the way to where it was, as they are called now; the root's is left out.
    // std::nullopt if one of them is gone for good, or is in a space now that this user is no member of.
    std::optional<std::vector<std::string>> original_path(const Entry& entry, const base::Ulid& user_id);

    // Marks the top for its end. Requires: a lock; it is in the trash.
    void doom(const base::Ulid& top);
    // The same for all tops of a space that were trashed before `cutoff`.
    void doom_before(const base::Ulid& space_id, base::Milliseconds cutoff);

    // Ends at most `limit` entries of what is doomed in a space, and gives the space its bytes back.
    // Returns how many; fewer than `limit`: nothing is left. Requires: a lock; limit > 0.
    int erase_doomed(const base::Ulid& space_id, int limit);

    // The spaces that have something doomed or trashed before `cutoff`.
    std::vector<base::Ulid> spaces_with_expired(base::Milliseconds cutoff);

private:
    bool has_expired(const base::Ulid& space_id, base::Milliseconds cutoff);
    std::int64_t erase_entry(const base::Ulid& id);

    db::Connection& connection_;
    const RoomRules rules_;
};

// Whether it is a top whose end has begun: as good as gone.
bool is_doomed(const Entry& entry) noexcept;

}  // namespace bodega::store
