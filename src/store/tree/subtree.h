// An entry and all that is below it, as one: what it holds, and the marks that all of it bears.
//
// "Below" follows parent_id, so what was trashed out of a folder before is no part of it.
#pragma once

#include <cstdint>
#include <vector>

#include "db/connection.h"
#include "store/tree/entry.h"
#include "store/tree/space_room.h"

namespace bodega::store {

// One object works on one connection, on its thread. Requires for all: a transaction that has locked the space.
class Subtree {
public:
    Subtree(db::Connection& connection, const base::Ulid& top) : connection_(connection), top_(top) {}

    // What it counts for in its space: all versions.
    std::int64_t bytes();

    // Levels of folders below the top; 0: it holds none. Bounded as Entries::path is.
    int levels();

    // Says of all of it that it is in the trash under the top.
    void mark_trashed();

    // Says of all of it that it is not in the trash.
    void mark_live();

    // Gives all of it, with what it counts for and the uploads under way into it, from one space to another. Throws
    // Error{quota_exceeded}. Requires: a lock on both.
    void move_to_space(const base::Ulid& from, const base::Ulid& to, const RoomRules& rules);

    // What is below the top, a folder always before what it holds; at most `limit` of it.
    std::vector<Entry> read_below(int limit);

private:
    db::Connection& connection_;
    const base::Ulid top_;
};

}  // namespace bodega::store
