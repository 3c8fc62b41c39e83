// An entry and everything below it: their totals, and the columns that are set on all of them.
//
// "Below" follows parent_id. An entry that was trashed earlier, from inside the subtree, is not part of it.
#pragma once

#include <cstdint>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/tree/space_quota.h"

namespace bodega::store {

// Each object uses one connection, on that connection's thread. All functions require a transaction that has locked the
// space.
class Subtree {
public:
    Subtree(db::Connection& connection, const base::Ulid& top) : connection_(connection), top_(top) {}

    // Returns the subtree's share of the space's used_bytes: all files with all versions.
    std::int64_t bytes();

    // Returns the number of levels of folders below the top; 0 if it has no folders. Bounded like Entries::path.
    int levels();

    // Marks all entries as trashed: sets their trash_id to the top's id.
    void mark_trashed();

    // Marks all entries as live: clears their trash_id.
    void mark_live();

    // Moves all entries, their charge and the open uploads into them from one space to another. Throws
    // Error{quota_exceeded}. Requires: a lock on both spaces.
    void move_to_space(const base::Ulid& from, const base::Ulid& to, const QuotaRules& rules);

    // Returns at most `limit` entries below the top, each folder before its children.
    std::vector<Entry> read_below(int limit);

private:
    db::Connection& connection_;
    const base::Ulid top_;
};

}  // namespace bodega::store
